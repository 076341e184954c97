/** Seconds into the chime, and the pitch of each of its tones. */
const TONES = [
  { at: 0, hertz: 659 },
  { at: 0.18, hertz: 880 },
  { at: 0.36, hertz: 659 },
] as const;
const TONE_S = 0.16;
const LOUDNESS = 0.15;

/** The sound of an offer. Browsers let a page sound only after somebody has touched it. */
class Chime {
  #context: AudioContext | null = null;
  #viewers = new Set<() => void>();

  get isBlocked(): boolean {
    return this.#context?.state !== "running";
  }

  watch = (viewer: () => void): (() => void) => {
    this.#viewers.add(viewer);
    return () => this.#viewers.delete(viewer);
  };

  /** To be called when somebody touches the page. */
  arm = (): void => {
    if (this.#context === null) {
      this.#context = new AudioContext();
      this.#context.addEventListener("statechange", () => {
        for (const viewer of this.#viewers) viewer();
      });
    }
    if (this.#context.state === "suspended") void this.#context.resume();
  };

  play(): void {
    const context = this.#context;
    if (context?.state !== "running") return;
    for (const { at, hertz } of TONES) {
      const [start, end] = [context.currentTime + at, context.currentTime + at + TONE_S];
      const [tone, volume] = [context.createOscillator(), context.createGain()];
      tone.frequency.value = hertz;
      // Without the ramps it clicks.
      volume.gain.setValueAtTime(0, start);
      volume.gain.linearRampToValueAtTime(LOUDNESS, start + 0.02);
      volume.gain.linearRampToValueAtTime(0, end);
      tone.connect(volume).connect(context.destination);
      tone.start(start);
      tone.stop(end);
    }
  }
}

export const chime = new Chime();
