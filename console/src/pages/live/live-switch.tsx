import { Pause, Play } from "lucide-react";
import { live } from "@/live/browser";
import { useLive } from "@/live/hooks";
import { useShortcuts } from "@/shortcuts/use-shortcuts";
import { Button } from "@/ui/button";

/** Stops the rows, so that they can be read, and lets them go on. */
export function LiveSwitch() {
  const isPaused = useLive((view) => view.status === "paused");
  const held = useLive((view) => (view.status === "paused" ? view.held : 0));
  const turn = () => (isPaused ? live.resume() : live.pause());
  useShortcuts([{ keys: "p", label: "Pause or resume", group: "This page", run: turn }]);
  return (
    <Button look={isPaused ? "primary" : "secondary"} icon={isPaused ? <Play /> : <Pause />} onClick={turn}>
      {isPaused ? `Resume${held > 0 ? ` (${held} events held)` : ""}` : "Pause"}
    </Button>
  );
}
