import { CircleAlert, TriangleAlert } from "lucide-react";
import { percent } from "@/format/number";
import { cx } from "@/ui/cx";
import { toneText } from "@/ui/tone";

/** The most abandoned calls among those with a person that the law of the United States allows. */
const LIMIT = 0.03;
/** From here on it is close. */
const CLOSE = 0.025;

/** How a rate of abandoned calls compares with the law. */
export function abandonStanding(rate: number | null | undefined): "ok" | "warn" | "bad" {
  if (!rate || rate <= CLOSE) return "ok";
  return rate > LIMIT ? "bad" : "warn";
}

/** A rate of abandoned calls, marked before it comes to the limit. */
export function AbandonRate({ rate }: { rate: number | null | undefined }) {
  const standing = abandonStanding(rate);
  if (standing === "ok") return percent(rate);
  const Icon = standing === "bad" ? CircleAlert : TriangleAlert;
  return (
    <span className={cx("inline-flex items-center gap-1 font-medium", toneText[standing])}>
      <Icon aria-hidden className="size-3.5" />
      <span className="sr-only">{standing === "bad" ? "Over the limit of 3 %: " : "Close to 3 %: "}</span>
      {percent(rate)}
    </span>
  );
}
