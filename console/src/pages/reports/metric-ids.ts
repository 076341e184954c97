/** The columns of a report, under the API's names. */
export const metricIds = [
  "calls",
  "attempts",
  "answered",
  "human",
  "machine",
  "bridged",
  "abandoned",
  "abandon_rate",
  "talk_avg_s",
  "wait_avg_s",
  "talk_s",
  "cost_usd",
] as const;

export type MetricId = (typeof metricIds)[number];
