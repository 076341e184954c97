import { useEffect } from "react";
import { flushNotes, hasUnsavedNotes } from "./call-notes";

/** Warns whoever closes the page in the middle of a call, and lets no note go with it. */
export function useLeaving(isInCall: boolean): void {
  useEffect(() => {
    const warn = (event: BeforeUnloadEvent) => {
      flushNotes(true);
      if (isInCall || hasUnsavedNotes()) event.preventDefault();
    };
    const flush = () => flushNotes(true);
    const hide = () => document.visibilityState === "hidden" && flushNotes(false);
    window.addEventListener("beforeunload", warn);
    window.addEventListener("pagehide", flush);
    document.addEventListener("visibilitychange", hide);
    return () => {
      window.removeEventListener("beforeunload", warn);
      window.removeEventListener("pagehide", flush);
      document.removeEventListener("visibilitychange", hide);
    };
  }, [isInCall]);
}
