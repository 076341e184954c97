const whole = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const compact = new Intl.NumberFormat("en-US", { notation: "compact", maximumFractionDigits: 1 });

/** "1,204". */
export function count(value: number): string {
  return whole.format(value);
}

/** "1.2K", for tiles. */
export function compactCount(value: number): string {
  return Math.abs(value) < 10_000 ? count(value) : compact.format(value);
}

/** A share from 0 to 1 as "2.9 %"; a dash where there is none. */
export function percent(share: number | null | undefined, digits = 1): string {
  return share === null || share === undefined ? "–" : `${(share * 100).toFixed(digits)} %`;
}

/** "1 call", "3 calls". */
export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}
