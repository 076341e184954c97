/** Seconds that an import will take on, as far and as fast as it has come; undefined before that can be told. */
export function secondsLeft(rows: number, rowsPerS: number, percent: number): number | undefined {
  if (percent < 1 || rowsPerS <= 0) return undefined;
  return (rows * (100 - percent)) / percent / rowsPerS;
}
