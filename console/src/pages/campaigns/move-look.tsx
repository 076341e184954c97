import { CirclePause, CircleStop, Copy, Play, Trash2 } from "lucide-react";
import type { ReactNode } from "react";
import type { Move } from "./moves";

/** How the moves are called, and shown. */
export const moveLooks: Record<Move, { label: string; icon: ReactNode; danger?: true }> = {
  start: { label: "Start", icon: <Play aria-hidden /> },
  resume: { label: "Resume", icon: <Play aria-hidden /> },
  pause: { label: "Pause", icon: <CirclePause aria-hidden /> },
  stop: { label: "Stop", icon: <CircleStop aria-hidden />, danger: true },
  clone: { label: "Clone", icon: <Copy aria-hidden /> },
  delete: { label: "Delete", icon: <Trash2 aria-hidden />, danger: true },
};
