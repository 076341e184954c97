import type { DeskCall } from "./desk";

/** What an offer says of itself, and what to do about it. */
export function offerText(call: DeskCall, isAccepted: boolean): { headline: string; hint: string } {
  if (isAccepted) {
    return call.stage === "whisper"
      ? { headline: "Accepted", hint: "You are being connected." }
      : { headline: "Accepted", hint: "Pick up your phone: you are connected as soon as you do." };
  }
  switch (call.stage) {
    case "ringing":
      return {
        headline: "Your phone rings",
        hint: "Accept here and pick up your phone, or pick up first and press 1 on it.",
      };
    case "whisper":
      return {
        headline: "You are on the line",
        hint: "The lead is waiting. Accept here, or press 1 on your phone.",
      };
    default:
      return { headline: "A call for you", hint: "Your phone is about to ring." };
  }
}
