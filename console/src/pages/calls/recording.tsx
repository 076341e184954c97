import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Disc, Play, Trash2 } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import { api, data } from "@/api/client";
import { keys } from "@/api/keys";
import { asProblem, sentence } from "@/api/problem";
import type { Schema } from "@/api/types";
import { useMay } from "@/auth/me";
import { bytesText } from "@/format/bytes";
import { wordDuration } from "@/format/duration";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { ConfirmDialog } from "@/ui/confirm-dialog";
import { CopyId } from "@/ui/copy-id";

type Call = Schema<"Call">;
type Recorded = Schema<"Recording">;

/** What was recorded of a call: to be heard, and deleted. */
export function Recording({ call }: { call: Call }) {
  const isAbsent = call.timeline.some((entry) => entry.event === "recording_absent");
  const isToHear = call.recordings.some(({ status }) => status === "stored");
  return (
    <Card title="Recording" actions={isToHear && <Delete call={call} />}>
      {call.recordings.length === 0 ? (
        <p className="text-muted">
          {isAbsent
            ? "There is none: the carrier recorded nothing."
            : call.closed_at
              ? "There is none."
              : "There is none yet."}
        </p>
      ) : (
        <ul className="flex flex-col gap-3">
          {call.recordings.map((one) => (
            <li key={one.sid} className="flex items-start gap-3">
              <Disc aria-hidden className="mt-0.5 size-4 shrink-0 text-muted" />
              <div className="flex min-w-0 flex-1 flex-col gap-1.5">
                <p>
                  {wordDuration(one.duration_s)}
                  {one.bytes != null && <span className="text-muted"> · {bytesText(one.bytes)}</span>}
                </p>
                {one.status === "stored" ? (
                  <Player call={call} sid={one.sid} />
                ) : (
                  <p className="text-muted">{standing(one)}</p>
                )}
                <CopyId id={one.sid} />
              </div>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

function standing({ status, error }: Recorded): string {
  switch (status) {
    case "at_carrier":
      return error ? `Not here yet: ${sentence(error)} It is tried again.` : "On its way from the carrier.";
    case "missing":
      return "The carrier did not have it any more when it was fetched.";
    case "to_erase":
      return error ? `Being deleted: ${sentence(error)} It is tried again.` : "Being deleted.";
    default:
      return "Deleted.";
  }
}

/** Asks for a link when somebody wants to listen: whoever does is in the audit log. */
function Player({ call, sid }: { call: Call; sid: string }) {
  const link = useMutation({
    mutationFn: () =>
      data(api.POST("/api/calls/{call_id}/recording-links", { params: { path: { call_id: call.id } } })),
    meta: { quiet: true },
  });
  const path = link.data?.data.find((one) => one.sid === sid)?.path;
  if (path)
    return (
      // biome-ignore lint/a11y/useMediaCaption: nobody has written down what was said
      <audio
        controls
        autoPlay
        preload="metadata"
        src={path}
        className="w-full"
        onError={() => link.reset()}
      />
    );
  return (
    <div>
      <Button size="small" icon={<Play />} busy={link.isPending} onClick={() => link.mutate()}>
        Listen
      </Button>
      {link.error && (
        <p role="alert" className="mt-1 text-xs text-bad">
          {sentence(asProblem(link.error).detail)}
        </p>
      )}
    </div>
  );
}

function Delete({ call }: { call: Call }) {
  const [isAsked, setAsked] = useState(false);
  const queryClient = useQueryClient();
  const mayDelete = useMay("tenant_admin");
  const remove = useMutation({
    mutationFn: () =>
      data(api.DELETE("/api/calls/{call_id}/recordings", { params: { path: { call_id: call.id } } })),
    meta: { quiet: true },
    onSuccess: () => {
      toast.success("The recording is being deleted");
      return queryClient.invalidateQueries({ queryKey: [keys.calls] });
    },
  });
  if (!mayDelete) return null;
  return (
    <>
      <Button size="small" look="quiet" icon={<Trash2 />} onClick={() => setAsked(true)}>
        Delete
      </Button>
      <ConfirmDialog
        open={isAsked}
        onOpenChange={setAsked}
        title="Delete the recording of this call?"
        confirm="Delete recording"
        danger
        onConfirm={() => remove.mutateAsync()}
      >
        It is deleted here and at the carrier. This cannot be undone.
      </ConfirmDialog>
    </>
  );
}
