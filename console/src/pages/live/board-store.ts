import type { Schema } from "@/api/types";
import type { Timers } from "@/live/coalescer";
import type { LiveEvent } from "@/live/message";
import { applied, type Board, boardOf, EMPTY } from "./board";

/** So often rows move: more often nobody can read them. */
const SHOWN_EVERY_MS = 250;
/** Events that are kept for a reading that is on its way; a slower one is put right by the next. */
const MOST_KEPT = 20_000;

/** The board, kept up to date by events, and put right by readings. */
export class BoardStore {
  #board = EMPTY;
  #waiting: LiveEvent[] = [];
  #kept: LiveEvent[] = [];
  /** How many events there were before those kept. */
  #forgotten = 0;
  #isTimed = false;
  #viewers = new Set<() => void>();

  constructor(private readonly timers: Timers) {}

  get board(): Board {
    return this.#board;
  }

  watch = (viewer: () => void): (() => void) => {
    this.#viewers.add(viewer);
    return () => this.#viewers.delete(viewer);
  };

  /** Takes an event; it is shown together with others in a moment. */
  push(event: LiveEvent): void {
    this.#waiting.push(event);
    this.#kept.push(event);
    if (this.#kept.length > MOST_KEPT) this.#forget(this.#kept.length - MOST_KEPT / 2);
    if (this.#isTimed) return;
    this.#isTimed = true;
    this.timers.later(() => this.#flush(), SHOWN_EVERY_MS);
  }

  /** To be taken before a reading is asked for: what happens from here on may not be in it. */
  mark(): number {
    return this.#forgotten + this.#kept.length;
  }

  /** Takes a reading, and once more all that happened since it was asked for. */
  replace(told: Schema<"Board">, mark: number): void {
    this.#forget(mark - this.#forgotten);
    this.#waiting = [];
    this.#show(applied(boardOf(told, this.#board), this.#kept));
  }

  #flush(): void {
    this.#isTimed = false;
    const events = this.#waiting;
    this.#waiting = [];
    this.#show(applied(this.#board, events));
  }

  #forget(events: number): void {
    const count = Math.max(0, events);
    this.#kept = this.#kept.slice(count);
    this.#forgotten += count;
  }

  #show(board: Board): void {
    if (board === this.#board) return;
    this.#board = board;
    for (const viewer of this.#viewers) viewer();
  }
}
