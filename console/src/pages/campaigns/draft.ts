import type { Schema } from "@/api/types";
import { e164Hint, e164Of } from "@/format/e164";
import { checkHours, type Hours, officeHours, termsOf } from "@/hours/hours";
import type { FormErrors } from "./settings/check";

/** What has to be said of a new campaign; the rest begins as the installation has it. */
export interface Draft {
  name: string;
  group_id: string;
  caller_id: string;
  hours: Hours;
}

export function emptyDraft(zone: string): Draft {
  return { name: "", group_id: "", caller_id: "", hours: officeHours(zone) };
}

export function checkDraft(draft: Draft): FormErrors {
  const errors: FormErrors = {};
  const hours = checkHours(draft.hours);
  if (draft.name.trim() === "") errors.name = "Give it a name.";
  else if ([...draft.name.trim()].length > 200) errors.name = "At most 200 characters.";
  if (draft.group_id === "") errors.group_id = "Choose the team that takes its calls.";
  if (e164Of(draft.caller_id) === undefined) errors.caller_id = e164Hint;
  if (Object.keys(hours).length > 0) errors.hours = hours;
  return errors;
}

export function bodyOf({ name, group_id, caller_id, hours }: Draft): Schema<"CampaignDraft"> {
  return {
    name: name.trim(),
    group_id,
    caller_id: e164Of(caller_id) ?? caller_id,
    calling_window: termsOf(hours),
  };
}
