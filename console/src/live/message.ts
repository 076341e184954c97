import type { Schema } from "@/api/types";

export type LiveEvent = Schema<"Event">;
export type EventKind = Schema<"EventKindWord">;

/** What the server says over the socket. */
export type LiveMessage =
  | { type: "hello"; cursor: string; agent_id: string | null; server_time: string }
  | { type: "events"; cursor: string; events: LiveEvent[] }
  | { type: "beat"; cursor: string; server_time: string }
  | { type: "resync"; cursor: string };

/** Reads a message; null for what a newer server says and this page does not understand. */
export function readMessage(text: string): LiveMessage | null {
  const message: unknown = JSON.parse(text);
  if (typeof message !== "object" || message === null || !("type" in message)) return null;
  const known: readonly unknown[] = ["hello", "events", "beat", "resync"];
  return known.includes(message.type) ? (message as LiveMessage) : null;
}
