import { Check, CloudUpload, PencilLine, TriangleAlert } from "lucide-react";
import { type RefObject, useEffect, useId, useSyncExternalStore } from "react";
import { asProblem, sentence } from "@/api/problem";
import { cx } from "@/ui/cx";
import { Textarea } from "@/ui/textarea";
import type { Autosave, SaveState } from "./autosave";

const LONGEST = 10_000;

const LOOKS = {
  saved: { icon: Check, text: "Saved" },
  waiting: { icon: PencilLine, text: "Typing" },
  saving: { icon: CloudUpload, text: "Saving" },
  failed: { icon: TriangleAlert, text: "Not saved yet: kept here, and tried again" },
  refused: { icon: TriangleAlert, text: "Not saved" },
} as const satisfies Record<SaveState, object>;

interface NotesProps {
  notes: Autosave;
  /** What the server has, and when it was asked. */
  saved: string;
  askedAt: number;
  input?: RefObject<HTMLTextAreaElement | null>;
}

/** What the agent notes: saved while it types. */
export function Notes({ notes, saved, askedAt, input }: NotesProps) {
  const id = useId();
  const { text, state, error } = useSyncExternalStore(notes.watch, () => notes.view);
  useEffect(() => notes.hear(saved, askedAt), [notes, saved, askedAt]);
  useEffect(() => () => void notes.flush(), [notes]);
  const { icon: Icon, text: words } = LOOKS[state];
  const isBad = state === "failed" || state === "refused";
  return (
    <div className="flex flex-col gap-1.5">
      <div className="flex items-baseline justify-between gap-3">
        <label htmlFor={id} className="font-semibold">
          Notes
        </label>
        <span
          role="status"
          className={cx("flex items-center gap-1 text-xs", isBad ? "text-bad" : "text-muted")}
        >
          <Icon aria-hidden className="size-3.5" />
          {words}
        </span>
      </div>
      <Textarea
        id={id}
        ref={input}
        rows={7}
        maxLength={LONGEST}
        placeholder="What was said, what was agreed"
        value={text}
        onChange={(event) => notes.type(event.target.value)}
        onBlur={() => void notes.flush()}
        className="text-base leading-6"
      />
      {state === "refused" && <p className="text-xs text-bad">{sentence(asProblem(error).detail)}</p>}
    </div>
  );
}
