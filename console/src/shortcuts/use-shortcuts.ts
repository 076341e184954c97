import { useEffect, useRef, useSyncExternalStore } from "react";
import { registry } from "./keyboard";
import type { Shortcut } from "./registry";

/** Shortcuts for as long as an element is on the page. They may be made afresh with every rendering. */
export function useShortcuts(shortcuts: readonly Shortcut[], enabled = true): void {
  const latest = useRef(shortcuts);
  useEffect(() => {
    latest.current = shortcuts;
  });
  const shape = enabled ? shortcuts.map(({ keys, label }) => `${keys}\t${label}`).join("\n") : "";
  useEffect(() => {
    if (shape === "") return;
    return registry.add(
      latest.current.map((shortcut) => ({
        ...shortcut,
        run: (event) => latest.current.find(({ keys }) => keys === shortcut.keys)?.run(event),
      })),
    );
  }, [shape]);
}

const watch = (viewer: () => void) => registry.watch(viewer);

/** All that can be used now, for the sheet. */
export function useAllShortcuts(): readonly Shortcut[] {
  return useSyncExternalStore(watch, () => registry.all);
}
