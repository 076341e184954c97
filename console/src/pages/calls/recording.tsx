import { Disc } from "lucide-react";
import type { Schema } from "@/api/types";
import { wordDuration } from "@/format/duration";
import { Card } from "@/ui/card";
import { CopyId } from "@/ui/copy-id";
import { eventOf, textIn } from "./timeline/stored";

/** Where the recording is to be heard. So far, only whether there is one is known. */
export function Recording({ call }: { call: Schema<"Call"> }) {
  const done = call.timeline.find((entry) => entry.event === "recording_completed");
  const isAbsent = call.timeline.some((entry) => entry.event === "recording_absent");
  return (
    <Card title="Recording">
      <div className="flex items-start gap-3">
        <Disc aria-hidden className="mt-0.5 size-4 shrink-0 text-muted" />
        {done ? (
          <div>
            <p>{wordDuration(Number(textIn(eventOf(done), "duration_s")))}, kept by the carrier.</p>
            <p className="text-xs text-muted">It cannot be played here yet: listen to it at the carrier.</p>
            <CopyId id={textIn(eventOf(done), "recording_sid")} />
          </div>
        ) : (
          <p className="text-muted">
            {isAbsent
              ? "There is none: the carrier recorded nothing."
              : call.closed_at
                ? "There is none."
                : "There is none yet."}
          </p>
        )}
      </div>
    </Card>
  );
}
