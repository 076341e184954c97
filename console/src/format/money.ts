/** An amount of the API's, dollars as a decimal text: "$1,204.50"; small ones with what carriers charge, "$0.0085". */
export function usd(amount: string | number): string {
  const value = Number(amount);
  const digits = value !== 0 && Math.abs(value) < 1 ? 4 : 2;
  return new Intl.NumberFormat("en-US", {
    style: "currency",
    currency: "USD",
    minimumFractionDigits: 2,
    maximumFractionDigits: digits,
  }).format(value);
}
