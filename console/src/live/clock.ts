const KEPT = 12;

/** How far the server's clock is from this one. */
export class ServerClock {
  #offsets: number[] = [];

  /** Takes a reading of the server's clock that has just arrived. */
  read(serverTime: string, now: number): void {
    const at = Date.parse(serverTime);
    if (Number.isNaN(at)) return;
    this.#offsets = [...this.#offsets.slice(1 - KEPT), at - now];
  }

  /** Every message was a while on its way, which makes the server look behind: the largest reading is the best. */
  get offsetMs(): number {
    return this.#offsets.length === 0 ? 0 : Math.max(...this.#offsets);
  }
}
