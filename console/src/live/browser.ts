import { api, data } from "@/api/client";
import { queryClient } from "@/api/query-client";
import { Coalescer, type Timers } from "./coalescer";
import { LiveConnection } from "./connection";
import { touches } from "./touches";

const EVERY_MS = 250;

const timers: Timers = {
  now: () => Date.now(),
  later: (work, ms) => {
    const timer = setTimeout(work, ms);
    return () => clearTimeout(timer);
  },
};

async function ticket(): Promise<string> {
  return (await data(api.POST("/api/live/tickets"))).ticket;
}

function open(word: string, cursor: string | null): WebSocket {
  const address = new URL("/api/live", window.location.origin);
  address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
  address.searchParams.set("ticket", word);
  if (cursor !== null) address.searchParams.set("cursor", cursor);
  return new WebSocket(address);
}

/** The one connection of this page. */
export const live = new LiveConnection({
  ...timers,
  ticket,
  open,
  random: Math.random,
  isOnline: () => navigator.onLine,
});

/** This moment on the server's clock, in milliseconds. */
export function serverNow(): number {
  return Date.now() + live.clock.offsetMs;
}

const refetch = new Coalescer((key) => queryClient.invalidateQueries({ queryKey: [key] }), EVERY_MS, timers);

live.subscribe(null, (event) => {
  for (const key of touches[event.type] ?? []) refetch.touch(key);
});
live.onResync(() => void queryClient.invalidateQueries());

window.addEventListener("online", () => live.nudge());
window.addEventListener("offline", () => live.lose());
window.addEventListener("focus", () => live.nudge());
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") live.nudge();
});
