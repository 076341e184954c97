import { useSyncExternalStore } from "react";

/** As wide as `md:` means. */
const wide = window.matchMedia("(min-width: 48rem)");

function watch(viewer: () => void): () => void {
  wide.addEventListener("change", viewer);
  return () => wide.removeEventListener("change", viewer);
}

export function useIsWide(): boolean {
  return useSyncExternalStore(watch, () => wide.matches);
}
