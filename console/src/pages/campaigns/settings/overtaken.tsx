import { useEffect, useRef } from "react";
import { Button } from "@/ui/button";
import { Callout } from "@/ui/callout";
import { ChangeList } from "./change-list";
import type { Change } from "./changes";

interface OvertakenProps {
  /** What somebody else changed. */
  changes: readonly Change[];
  onUnderstood: () => void;
}

/** Tells whoever edits that somebody else was quicker. */
export function Overtaken({ changes, onUnderstood }: OvertakenProps) {
  const box = useRef<HTMLDivElement>(null);
  // It stands above a long form, and "Save" below it.
  useEffect(() => {
    box.current?.scrollIntoView({ block: "center" });
  }, []);
  return (
    <div ref={box} role="alert">
      <Callout
        tone="warn"
        title="Somebody else changed this campaign meanwhile"
        action={
          <Button size="small" onClick={onUnderstood}>
            Understood
          </Button>
        }
      >
        <p>
          What they changed is taken over below; where you changed the same, yours stands. Nothing of yours is
          saved yet.
        </p>
        <ChangeList changes={changes} />
      </Callout>
    </div>
  );
}
