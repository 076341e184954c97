import { type FormEvent, useEffect, useRef } from "react";
import { Button } from "@/ui/button";
import { Input } from "@/ui/input";

const REASONS = ["Lunch", "Short break", "Meeting", "Training", "Technical problem"] as const;
const LONGEST = 100;

interface BreakFormProps {
  isBusy: boolean;
  onChoose: (reason: string | undefined) => void;
  onClose: () => void;
}

/** Why the agent goes on a break: one of the usual reasons, or in its own words. */
export function BreakForm({ isBusy, onChoose, onClose }: BreakFormProps) {
  const first = useRef<HTMLButtonElement>(null);
  useEffect(() => first.current?.focus(), []);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const reason = String(new FormData(event.currentTarget).get("reason") ?? "").trim();
    onChoose(reason || undefined);
  };
  return (
    <form
      aria-label="Go on a break"
      onSubmit={submit}
      onKeyDown={(event) => event.key === "Escape" && onClose()}
      className="flex flex-wrap items-center gap-2 border-t border-line px-4 py-2.5"
    >
      <span className="text-muted">{isBusy ? "After this call, a break for" : "A break for"}</span>
      {REASONS.map((reason, index) => (
        <Button
          key={reason}
          ref={index === 0 ? first : undefined}
          size="small"
          onClick={() => onChoose(reason.toLowerCase())}
        >
          {reason}
        </Button>
      ))}
      <span className="flex items-center gap-2 max-sm:w-full">
        <Input
          name="reason"
          aria-label="Another reason"
          placeholder="Another reason"
          maxLength={LONGEST}
          className="sm:w-44"
        />
        <Button type="submit" size="small">
          Go on break
        </Button>
      </span>
    </form>
  );
}
