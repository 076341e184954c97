import { useSyncExternalStore } from "react";
import { serverNow } from "./browser";

/** One timer per length of a tick, however many clocks a page has. */
class Ticker {
  #viewers = new Set<() => void>();
  #timer: ReturnType<typeof setInterval> | undefined;
  #now = serverNow();

  constructor(private readonly everyMs: number) {}

  watch = (viewer: () => void): (() => void) => {
    this.#viewers.add(viewer);
    this.#timer ??= setInterval(() => this.#tick(), this.everyMs);
    return () => {
      this.#viewers.delete(viewer);
      if (this.#viewers.size > 0) return;
      clearInterval(this.#timer);
      this.#timer = undefined;
    };
  };

  read = (): number => {
    // Nobody has kept it going: what it said last may be old.
    if (this.#timer === undefined && Math.abs(serverNow() - this.#now) > this.everyMs)
      this.#now = serverNow();
    return this.#now;
  };

  #tick(): void {
    this.#now = serverNow();
    for (const viewer of this.#viewers) viewer();
  }
}

const tickers = new Map<number, Ticker>();

function tickerOf(everyMs: number): Ticker {
  const ticker = tickers.get(everyMs) ?? new Ticker(everyMs);
  tickers.set(everyMs, ticker);
  return ticker;
}

/** The server's time, read again every so often. */
export function useNow(everyMs = 1000): number {
  const ticker = tickerOf(everyMs);
  return useSyncExternalStore(ticker.watch, ticker.read);
}
