import { clockDuration, wordDuration } from "@/format/duration";
import { usd } from "@/format/money";
import { phoneText } from "@/format/phone";

/** A length of time: "12 min 5 s", or "12:05" in tables. */
export function Duration({
  seconds,
  clock = false,
}: {
  seconds: number | null | undefined;
  clock?: boolean;
}) {
  if (seconds === null || seconds === undefined) return <span className="text-faint">–</span>;
  return (
    <span className="whitespace-nowrap tabular-nums">
      {clock ? clockDuration(seconds) : wordDuration(seconds)}
    </span>
  );
}

/** Dollars, as the API writes them. */
export function Money({ usd: amount }: { usd: string | number | null | undefined }) {
  if (amount === null || amount === undefined) return <span className="text-faint">–</span>;
  return <span className="whitespace-nowrap tabular-nums">{usd(amount)}</span>;
}

/** A number to call, in groups. */
export function PhoneNumber({ phone }: { phone: string | null | undefined }) {
  if (!phone) return <span className="text-faint">–</span>;
  return <span className="whitespace-nowrap tabular-nums">{phoneText(phone)}</span>;
}
