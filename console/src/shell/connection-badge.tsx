import { CloudOff, Pause, Radio, RotateCw } from "lucide-react";
import { clockTime } from "@/format/time";
import { live } from "@/live/browser";
import type { LiveStatus } from "@/live/connection";
import { useLive } from "@/live/hooks";
import { cx } from "@/ui/cx";
import { toneClass } from "@/ui/tone";
import { Tooltip } from "@/ui/tooltip";

const LOOKS = {
  live: {
    label: "Live",
    tone: "ok",
    icon: Radio,
    does: "Pause, so that rows stop moving",
    act: () => live.pause(),
  },
  paused: { label: "Paused", tone: "warn", icon: Pause, does: "Resume", act: () => live.resume() },
  reconnecting: {
    label: "Reconnecting",
    tone: "warn",
    icon: RotateCw,
    does: "Try again now",
    act: () => live.nudge(),
  },
  offline: { label: "Offline", tone: "bad", icon: CloudOff, does: "Try again now", act: () => live.nudge() },
} as const satisfies Record<LiveStatus, object>;

/** Whether what is shown is what is. A click pauses it, or resumes it. */
export function ConnectionBadge() {
  const status = useLive((view) => view.status);
  const held = useLive((view) => (view.status === "paused" ? view.held : 0));
  // While it is live this changes every few seconds, and nobody asks.
  const heardAt = useLive((view) => (view.status === "live" ? null : view.lastHeardAt));
  const { label, tone, icon: Icon, does, act } = LOOKS[status];
  const age =
    heardAt === null || status === "paused" ? "" : ` Shown as of ${clockTime(new Date(heardAt), "local")}.`;
  return (
    <Tooltip side="bottom" text={`${does}.${age}`}>
      <button
        type="button"
        onClick={act}
        className={cx(
          "inline-flex h-7 items-center gap-1.5 rounded-full px-2.5 text-xs font-medium",
          toneClass[tone],
        )}
      >
        <Icon aria-hidden className={cx("size-3.5", status === "reconnecting" && "animate-spin")} />
        <span role="status">{label}</span>
        {held > 0 && <span className="tabular-nums">· {held} held</span>}
      </button>
    </Tooltip>
  );
}
