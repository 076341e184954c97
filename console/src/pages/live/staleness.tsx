import { RotateCw } from "lucide-react";
import { useState } from "react";
import { asProblem, sentence } from "@/api/problem";
import { relativeTime } from "@/format/time";
import { useNow } from "@/live/use-now";
import { Button } from "@/ui/button";
import { Callout } from "@/ui/callout";

/** How long ago something was on this browser's clock, said again every second. */
function useAge(at: number): string {
  useNow();
  const age = relativeTime(new Date(at), Date.now());
  return age === "now" ? "a moment ago" : age;
}

interface StalenessProps {
  /** When the board was read last, on this browser's clock. */
  readAt: number;
  error: unknown;
  onRetry: () => void;
}

/** Says how old the rows are while they cannot be had anew. */
export function Staleness({ readAt, error, onRetry }: StalenessProps) {
  return (
    <Callout
      tone="warn"
      title="Not up to date"
      action={
        <Button size="small" icon={<RotateCw />} onClick={onRetry}>
          Try now
        </Button>
      }
    >
      Read {useAge(readAt)}.{" "}
      {error ? sentence(asProblem(error).detail) : "The connection is being opened again."}
    </Callout>
  );
}

/** Says that the rows stand still because somebody wanted that. */
export function Paused() {
  const [since] = useState(() => Date.now());
  return (
    <Callout tone="warn" title="Paused">
      The rows stopped {useAge(since)}. What happens meanwhile is kept until you resume.
    </Callout>
  );
}
