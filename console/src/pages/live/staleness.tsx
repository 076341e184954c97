import { RotateCw } from "lucide-react";
import { asProblem, sentence } from "@/api/problem";
import { relativeTime } from "@/format/time";
import { useNow } from "@/live/use-now";
import { Button } from "@/ui/button";
import { Callout } from "@/ui/callout";

interface StalenessProps {
  /** When the board was read last, on this browser's clock. */
  readAt: number;
  error: unknown;
  isPaused: boolean;
  onRetry: () => void;
}

/** Says how old the rows are, when they are not of this moment. */
export function Staleness({ readAt, error, isPaused, onRetry }: StalenessProps) {
  useNow();
  const age = relativeTime(new Date(readAt), Date.now());
  return isPaused ? (
    <Callout tone="warn" title="Paused">
      The rows stand still since {age === "now" ? "a moment" : age}. Times go on.
    </Callout>
  ) : (
    <Callout
      tone="warn"
      title="Not up to date"
      action={
        <Button size="small" icon={<RotateCw />} onClick={onRetry}>
          Try now
        </Button>
      }
    >
      Read last: {age}. {error ? sentence(asProblem(error).detail) : "The connection is being opened again."}
    </Callout>
  );
}
