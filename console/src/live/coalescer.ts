/** Timers, so that tests need not wait. */
export interface Timers {
  now: () => number;
  later: (work: () => void, ms: number) => () => void;
}

/** Work that was let through: since when, whether it is still under way, and what is to follow it. */
interface Run {
  since: number;
  isUnderWay: boolean;
  next: "nothing" | "wanted" | "set";
}

/**
 * Lets a piece of work through at most once in a while per key: at once, and once more for all that came meanwhile.
 * It is never let through while it is still under way, so that a busy floor does not begin it again and again.
 */
export class Coalescer {
  #runs = new Map<string, Run>();

  constructor(
    private readonly work: (key: string) => Promise<unknown>,
    private readonly everyMs: number,
    private readonly timers: Timers,
  ) {}

  touch(key: string): void {
    const run = this.#runs.get(key);
    if (!run) this.#begin(key);
    else if (run.next === "nothing") this.#follow(key, run);
  }

  #begin(key: string): void {
    const run: Run = { since: this.timers.now(), isUnderWay: true, next: "nothing" };
    this.#runs.set(key, run);
    const over = () => {
      run.isUnderWay = false;
      if (run.next === "wanted") this.#follow(key, run);
    };
    this.work(key).then(over, over);
  }

  #follow(key: string, run: Run): void {
    run.next = run.isUnderWay ? "wanted" : "set";
    if (run.isUnderWay) return;
    const wait = run.since + this.everyMs - this.timers.now();
    if (wait <= 0) this.#begin(key);
    else this.timers.later(() => this.#begin(key), wait);
  }
}
