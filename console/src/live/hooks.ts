import { useEffect, useRef, useSyncExternalStore } from "react";
import { live } from "./browser";
import type { LiveView } from "./connection";
import type { EventKind, LiveEvent } from "./message";

const watch = (viewer: () => void) => live.watch(viewer);

/** How the connection stands. Changes with every message: take the part that is shown, `useLive((view) => view.status)`. */
export function useLive<Part extends string | number | boolean | null>(part: (view: LiveView) => Part): Part {
  return useSyncExternalStore(watch, () => part(live.view));
}

/** Hands over events as they happen. Queries refetch by themselves; this is for sounds, flashes and the like. */
export function useLiveEvents(types: readonly EventKind[], handler: (event: LiveEvent) => void): void {
  const latest = useRef(handler);
  useEffect(() => {
    latest.current = handler;
  });
  const wanted = types.join(",");
  useEffect(() => live.subscribe(wanted.split(","), (event) => latest.current(event)), [wanted]);
}
