export const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
export type Day = (typeof DAYS)[number];

export const dayLabels: Record<Day, string> = {
  mon: "Mon",
  tue: "Tue",
  wed: "Wed",
  thu: "Thu",
  fri: "Fri",
  sat: "Sat",
  sun: "Sun",
};

/** "Every day", "Mon–Fri", "Mon, Wed–Fri". */
export function daysText(days: readonly Day[]): string {
  if (days.length === DAYS.length) return "Every day";
  const runs: Day[][] = [];
  for (const day of DAYS.filter((one) => days.includes(one))) {
    const run = runs.at(-1);
    const last = run?.at(-1);
    if (run && last && DAYS.indexOf(last) === DAYS.indexOf(day) - 1) run.push(day);
    else runs.push([day]);
  }
  return runs
    .map((run) => {
      const [first, last] = [run[0], run.at(-1)];
      if (!first || !last) return "";
      if (run.length === 1) return dayLabels[first];
      return `${dayLabels[first]}${run.length === 2 ? ", " : "–"}${dayLabels[last]}`;
    })
    .join(", ");
}
