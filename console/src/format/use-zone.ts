import { useSyncExternalStore } from "react";
import type { Zone } from "./time";

const STORED = "warmline.zone";
const viewers = new Set<() => void>();

function watch(viewer: () => void): () => void {
  viewers.add(viewer);
  return () => viewers.delete(viewer);
}

function read(): Zone {
  return localStorage.getItem(STORED) === "utc" ? "utc" : "local";
}

function choose(zone: "local" | "utc"): void {
  localStorage.setItem(STORED, zone);
  for (const viewer of viewers) viewer();
}

/** The clock that the viewer reads times by. */
export function useZone(): { zone: Zone; chooseZone: (zone: "local" | "utc") => void } {
  return { zone: useSyncExternalStore(watch, read), chooseZone: choose };
}
