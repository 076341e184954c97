import type { Schema } from "@/api/types";

export type TimelineEntry = Schema<"TimelineEntry">;

/** An event or a command as the journal keeps it. Its fields depend on its kind, so they are asked for by name. */
export type Stored = Readonly<Record<string, unknown>>;

function isStored(value: unknown): value is Stored {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The event of an entry. */
export function eventOf(entry: TimelineEntry): Stored {
  const { event } = entry.detail as Stored;
  return isStored(event) ? event : { event: entry.event };
}

/** The commands of an entry. */
export function commandsOf(entry: TimelineEntry): Stored[] {
  const { commands } = entry.detail as Stored;
  return Array.isArray(commands) ? commands.filter(isStored) : [];
}

/** A field as a text; empty when there is none. */
export function textIn(stored: Stored, field: string): string {
  const value = stored[field];
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : "";
}

/** A field with fields of its own. */
export function objectIn(stored: Stored, field: string): Stored | undefined {
  const value = stored[field];
  return isStored(value) ? value : undefined;
}

/** A word of the API's without underscores. */
export function spaced(word: string): string {
  return word.replaceAll("_", " ");
}
