/** Keys that do something. */
export interface Shortcut {
  /** "g c" one after the other, "mod+k" at once (⌘ or Ctrl), "?" a character. */
  keys: string;
  /** What it does, for the sheet that `?` opens. */
  label: string;
  /** The heading it stands under there. */
  group: string;
  run: (event: KeyboardEvent) => void;
  /** Heard while somebody types into a field, too. Keys with `mod` are, anyway. */
  whileTyping?: boolean;
}

/** What a key press is called here. */
export function pressOf(event: Pick<KeyboardEvent, "key" | "metaKey" | "ctrlKey" | "altKey">): string {
  const key = event.key === " " ? "space" : event.key.length === 1 ? event.key : event.key.toLowerCase();
  const mod = event.metaKey || event.ctrlKey ? "mod+" : "";
  return `${mod}${event.altKey ? "alt+" : ""}${mod ? key.toLowerCase() : key}`;
}

/** The shortcuts of the elements that are on the page. Of two with the same keys, the one that came last is meant. */
export class Registry {
  #sets: (readonly Shortcut[])[] = [];
  #pressed: string[] = [];
  #lastAt = 0;
  #viewers = new Set<() => void>();
  #all: readonly Shortcut[] = [];

  add(set: readonly Shortcut[]): () => void {
    this.#change([...this.#sets, set]);
    return () => this.#change(this.#sets.filter((other) => other !== set));
  }

  /** The shortcuts that can be used now. */
  get all(): readonly Shortcut[] {
    return this.#all;
  }

  watch(viewer: () => void): () => void {
    this.#viewers.add(viewer);
    return () => this.#viewers.delete(viewer);
  }

  /** The shortcut that a press completes, if any. Presses that are further apart than a second do not belong together. */
  press(press: string, at: number, isTyping: boolean): Shortcut | undefined {
    this.#pressed = at - this.#lastAt > 1000 ? [press] : [...this.#pressed, press].slice(-2);
    this.#lastAt = at;
    for (const keys of [this.#pressed.join(" "), press]) {
      const found = this.#all.find(
        (shortcut) => shortcut.keys === keys && (!isTyping || isHeardWhileTyping(shortcut)),
      );
      if (found) {
        this.#pressed = [];
        return found;
      }
    }
    return undefined;
  }

  #change(sets: (readonly Shortcut[])[]): void {
    this.#sets = sets;
    const byKeys = new Map(sets.flat().map((shortcut) => [shortcut.keys, shortcut]));
    this.#all = [...byKeys.values()];
    for (const viewer of this.#viewers) viewer();
  }
}

function isHeardWhileTyping(shortcut: Shortcut): boolean {
  return shortcut.whileTyping === true || shortcut.keys.startsWith("mod+");
}
