import type { Hours } from "@/hours/hours";
import type { CampaignForm } from "./form";

/** Takes over what others changed since `base`, and keeps what was changed here. */
export function merged(base: CampaignForm, mine: CampaignForm, theirs: CampaignForm): CampaignForm {
  const { hours: _base, ...flat } = pick(base, mine, theirs);
  return { ...flat, hours: pick<Hours>(base.hours, mine.hours, theirs.hours) };
}

function pick<Form extends object>(base: Form, mine: Form, theirs: Form): Form {
  const result = { ...theirs };
  for (const field of Object.keys(mine) as (keyof Form)[]) {
    if (!same(base[field], mine[field])) result[field] = mine[field];
  }
  return result;
}

export function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
