import type { Timers } from "@/live/coalescer";

/** saved: the server has it. waiting: it will be sent in a moment. saving: it is on its way. failed: it is tried again. */
export type SaveState = "saved" | "waiting" | "saving" | "failed" | "refused";

/** What a text is kept by. */
export interface AutosaveWorld extends Timers {
  /** Hands the text to the server. */
  save: (text: string, leaving: boolean) => Promise<void>;
  /** Keeps what the server does not have yet; null once it has it. */
  keep: (draft: string | null) => void;
  /** Whether it is of no use to send the same text again. */
  isFinal: (error: unknown) => boolean;
}

export interface SaveView {
  text: string;
  state: SaveState;
  error: unknown;
}

const TYPING_PAUSE_MS = 600;
const FIRST_RETRY_MS = 1000;
const MOST_RETRY_MS = 15_000;

/**
 * A text that saves itself: a moment after the typing pauses, one request at a time, again and again until the server
 * has the last word of it.
 */
export class Autosave {
  #view: SaveView;
  #saved: string;
  #savedAt = Number.NEGATIVE_INFINITY;
  #failures = 0;
  #cancel: (() => void) | null = null;
  #sending: Promise<void> | null = null;
  #viewers = new Set<() => void>();

  /** `draft` is what an earlier page could not send any more. */
  constructor(
    private readonly world: AutosaveWorld,
    saved: string,
    draft: string | null = null,
  ) {
    this.#saved = saved;
    const isBehind = draft !== null && draft !== saved;
    this.#view = { text: draft ?? saved, state: isBehind ? "waiting" : "saved", error: null };
    if (isBehind) this.#later(TYPING_PAUSE_MS);
    else if (draft !== null) world.keep(null);
  }

  get view(): SaveView {
    return this.#view;
  }

  watch = (viewer: () => void): (() => void) => {
    this.#viewers.add(viewer);
    return () => this.#viewers.delete(viewer);
  };

  type(text: string): void {
    this.world.keep(text);
    this.#failures = 0;
    this.#show({ text, state: this.#sending ? "saving" : "waiting", error: null });
    this.#later(TYPING_PAUSE_MS);
  }

  /** Takes what the server says, asked at `askedAt`, unless something newer was typed or sent meanwhile. */
  hear(text: string, askedAt: number): void {
    if (this.#view.state !== "saved" || askedAt <= this.#savedAt || text === this.#saved) return;
    this.#saved = text;
    this.#show({ text });
  }

  /** Sends at once what was not sent. Ends when the server has it, or when it could not be had. */
  async flush(leaving = false): Promise<void> {
    if (this.#sending) await this.#sending;
    if (this.#view.state !== "saved" && this.#view.state !== "refused") await this.#send(leaving);
  }

  #later(ms: number): void {
    this.#cancel?.();
    this.#cancel = this.world.later(() => void this.flush(), ms);
  }

  #send(leaving: boolean): Promise<void> {
    this.#cancel?.();
    this.#cancel = null;
    this.#sending ??= this.#sendOnce(leaving).finally(() => {
      this.#sending = null;
    });
    return this.#sending;
  }

  async #sendOnce(leaving: boolean): Promise<void> {
    const { text } = this.#view;
    this.#show({ state: "saving" });
    try {
      await this.world.save(text, leaving);
    } catch (error) {
      this.#fail(text, error);
      return;
    }
    this.#saved = text;
    this.#savedAt = this.world.now();
    this.#failures = 0;
    if (this.#view.text !== text) {
      // What was typed meanwhile has its own timer.
      this.#show({ state: "waiting", error: null });
      return;
    }
    this.world.keep(null);
    this.#show({ state: "saved", error: null });
  }

  #fail(text: string, error: unknown): void {
    if (this.world.isFinal(error) && this.#view.text === text) {
      this.#show({ state: "refused", error });
      return;
    }
    this.#failures += 1;
    this.#show({ state: "failed", error });
    this.#later(Math.min(FIRST_RETRY_MS * 2 ** (this.#failures - 1), MOST_RETRY_MS));
  }

  #show(change: Partial<SaveView>): void {
    this.#view = { ...this.#view, ...change };
    for (const viewer of this.#viewers) viewer();
  }
}
