import { useMutation } from "@tanstack/react-query";
import { Mic, MicOff, Music, Undo2 } from "lucide-react";
import { api, data } from "@/api/client";
import type { Schema } from "@/api/types";
import { useShortcuts } from "@/shortcuts/use-shortcuts";
import { Button } from "@/ui/button";
import { Kbd } from "@/ui/kbd";
import type { DeskCall } from "./desk";
import { useReread } from "./use-desk";

/** Mutes the agent, and puts the lead on hold. */
export function Sound({ call }: { call: DeskCall }) {
  const reread = useReread();
  const change = useMutation({
    mutationFn: (body: Schema<"CallSound">) =>
      data(api.PUT("/api/calls/{call_id}/sound", { params: { path: { call_id: call.id } }, body })),
    onSettled: reread,
  });
  // What was asked for shows at once; what became of it is read again.
  const wanted = change.isPending ? change.variables : {};
  const isMuted = wanted.muted ?? call.muted;
  const isHeld = wanted.held ?? call.held;
  const mute = () => !change.isPending && change.mutate({ muted: !isMuted });
  const hold = () => !change.isPending && change.mutate({ held: !isHeld });
  useShortcuts([
    { keys: "m", label: "Mute yourself, or unmute", group: "Call", run: mute },
    { keys: "o", label: "Put the lead on hold, or take them back", group: "Call", run: hold },
  ]);
  return (
    <>
      <Button className="h-10" icon={isMuted ? <MicOff /> : <Mic />} aria-pressed={isMuted} onClick={mute}>
        {isMuted ? "Unmute" : "Mute"} <Kbd keys="M" />
      </Button>
      <Button className="h-10" icon={isHeld ? <Undo2 /> : <Music />} aria-pressed={isHeld} onClick={hold}>
        {isHeld ? "Take back" : "Hold"} <Kbd keys="O" />
      </Button>
    </>
  );
}

/** What the lead hears of it, in words. */
export function SoundNote({ call }: { call: DeskCall }) {
  if (!call.held && !call.muted) return null;
  return (
    <span role="status" className="font-medium text-warn">
      {call.held ? "On hold: they hear music, and you do not hear them" : "Muted: they do not hear you"}
    </span>
  );
}
