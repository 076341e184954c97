import { useEffect } from "react";
import { chime } from "./chime";
import { notify } from "./use-notifications";
import { useSound } from "./use-sound";

const RING_EVERY_MS = 2_500;
const FLASH_EVERY_MS = 900;

/** Calls for the agent as long as an offer waits for an answer: by sound, in the title of the tab, and on the desktop. */
export function useAlarm(callId: string, name: string, isRinging: boolean): void {
  const { isMuted } = useSound();

  useEffect(() => {
    if (!isRinging || isMuted) return;
    chime.play();
    const timer = setInterval(() => chime.play(), RING_EVERY_MS);
    return () => clearInterval(timer);
  }, [isRinging, isMuted]);

  useEffect(() => {
    if (!isRinging) return;
    const before = document.title;
    let isOn = false;
    const flash = () => {
      isOn = !isOn;
      document.title = isOn ? `☎ ${name}` : before;
    };
    flash();
    const timer = setInterval(flash, FLASH_EVERY_MS);
    return () => {
      clearInterval(timer);
      document.title = before;
    };
  }, [isRinging, name]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another call is another notification, whatever its name
  useEffect(() => {
    if (!isRinging) return;
    return notify("A call for you", name);
  }, [isRinging, callId, name]);
}
