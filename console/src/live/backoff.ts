const FIRST_MS = 250;
const MOST_MS = 10_000;

/** The pause before try `failures` + 1: doubled each time, and scattered so that browsers do not return all at once. */
export function pauseBefore(failures: number, random: () => number): number {
  const ceiling = Math.min(FIRST_MS * 2 ** Math.max(0, failures - 1), MOST_MS);
  return ceiling / 2 + (ceiling / 2) * random();
}
