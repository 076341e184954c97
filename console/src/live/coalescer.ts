/** Timers, so that tests need not wait. */
export interface Timers {
  now: () => number;
  later: (work: () => void, ms: number) => () => void;
}

/** Lets a piece of work through at most once in a while per key: at once, and once more for all that came meanwhile. */
export class Coalescer {
  #last = new Map<string, number>();
  #pending = new Map<string, () => void>();

  constructor(
    private readonly work: (key: string) => void,
    private readonly everyMs: number,
    private readonly timers: Timers,
  ) {}

  touch(key: string): void {
    if (this.#pending.has(key)) return;
    const wait = (this.#last.get(key) ?? Number.NEGATIVE_INFINITY) + this.everyMs - this.timers.now();
    if (wait <= 0) {
      this.#run(key);
      return;
    }
    this.#pending.set(
      key,
      this.timers.later(() => {
        this.#pending.delete(key);
        this.#run(key);
      }, wait),
    );
  }

  stop(): void {
    for (const cancel of this.#pending.values()) cancel();
    this.#pending.clear();
  }

  #run(key: string): void {
    this.#last.set(key, this.timers.now());
    this.work(key);
  }
}
