import { useEffect, useSyncExternalStore } from "react";
import { chime } from "./chime";

const STORED = "warmline.offers.muted";
const viewers = new Set<() => void>();

function watchMuted(viewer: () => void): () => void {
  viewers.add(viewer);
  return () => viewers.delete(viewer);
}

const readMuted = () => localStorage.getItem(STORED) === "yes";

function setMuted(isMuted: boolean): void {
  if (isMuted) localStorage.setItem(STORED, "yes");
  else localStorage.removeItem(STORED);
  for (const viewer of viewers) viewer();
}

/** Whether offers sound, and whether the browser lets them. */
export function useSound() {
  const isMuted = useSyncExternalStore(watchMuted, readMuted);
  const isBlocked = useSyncExternalStore(chime.watch, () => chime.isBlocked);
  useEffect(() => {
    if (navigator.userActivation?.hasBeenActive) chime.arm();
    document.addEventListener("pointerdown", chime.arm);
    document.addEventListener("keydown", chime.arm);
    return () => {
      document.removeEventListener("pointerdown", chime.arm);
      document.removeEventListener("keydown", chime.arm);
    };
  }, []);
  return { isMuted, isBlocked, setMuted };
}
