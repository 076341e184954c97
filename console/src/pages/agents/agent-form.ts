import type { Schema } from "@/api/types";
import { e164Hint, e164Of } from "@/format/e164";
import { checkHours, type Hours, type HoursErrors, hoursOf, officeHours, termsOf } from "@/hours/hours";
import type { Agent } from "./agent-data";

/** What can be set of an agent, as its form holds it. */
export interface AgentForm {
  name: string;
  phone: string;
  reach: Agent["reach"];
  group_ids: string[];
  max_concurrent_calls: string;
  /** False: it may be called at any time. */
  hasHours: boolean;
  hours: Hours;
  /** The login of the person; empty for none. */
  user_id: string;
}

export type AgentErrors = Partial<Record<keyof Omit<AgentForm, "hours">, string>> & { hours?: HoursErrors };

export function emptyAgent(zone: string, groupIds: string[]): AgentForm {
  return {
    name: "",
    phone: "",
    reach: "phone",
    group_ids: groupIds,
    max_concurrent_calls: "1",
    hasHours: false,
    hours: officeHours(zone),
    user_id: "",
  };
}

export function formOf(agent: Agent, zone: string): AgentForm {
  return {
    name: agent.name,
    phone: agent.phone,
    reach: agent.reach,
    group_ids: agent.group_ids,
    max_concurrent_calls: String(agent.max_concurrent_calls),
    hasHours: agent.working_hours != null,
    hours: agent.working_hours ? hoursOf(agent.working_hours) : officeHours(zone),
    user_id: agent.user_id ?? "",
  };
}

export function checkAgent(form: AgentForm): AgentErrors {
  const errors: AgentErrors = {};
  const name = form.name.trim();
  if (name === "") errors.name = "Give the agent a name.";
  else if ([...name].length > 200) errors.name = "At most 200 characters.";
  if (e164Of(form.phone) === undefined) errors.phone = e164Hint;
  const calls = Number(form.max_concurrent_calls);
  if (!/^\d+$/.test(form.max_concurrent_calls.trim()) || calls < 1 || calls > 20)
    errors.max_concurrent_calls = "A whole number from 1 to 20.";
  if (form.hasHours) {
    const hours = checkHours(form.hours);
    if (Object.keys(hours).length > 0) errors.hours = hours;
  }
  return errors;
}

/** The form as the API takes it. `null` takes hours or a login away again. */
export function bodyOf(form: AgentForm): Schema<"AgentDraft"> {
  return {
    name: form.name.trim(),
    phone: e164Of(form.phone) ?? form.phone,
    reach: form.reach,
    group_ids: form.group_ids,
    max_concurrent_calls: Number(form.max_concurrent_calls),
    working_hours: form.hasHours ? termsOf(form.hours) : null,
    user_id: form.user_id || null,
  };
}
