import { ApiProblem, fieldError } from "@/api/problem";
import type { FormErrors } from "./check";
import type { CampaignForm } from "./form";

/** Where the form has the API's fields, by the beginning of their names. */
const FIELDS: readonly [string, keyof Omit<CampaignForm, "hours">][] = [
  ["name", "name"],
  ["group_id", "group_id"],
  ["caller_id", "caller_id"],
  ["default_country", "default_country"],
  ["max_concurrent_calls", "max_concurrent_calls"],
  ["cadence", "retry_on"],
  ["conduct.ring_timeout_s", "ring_timeout_s"],
  ["conduct.amd_timeout_s", "amd_timeout_s"],
  ["conduct.on_machine", "message"],
  ["conduct.opening", "opening"],
  ["conduct.apology", "apology"],
  ["conduct.patience_s", "patience_s"],
  ["conduct.agent_ring_timeout_s", "agent_ring_timeout_s"],
  ["conduct.accept_timeout_s", "accept_timeout_s"],
  ["conduct.wrap_up_s", "wrap_up_s"],
  ["script", "script"],
];

/** What the API refused, at the field that it is about; empty when it is about none that the form has. */
export function refusals(error: unknown): FormErrors {
  if (!(error instanceof ApiProblem)) return {};
  const hours = fieldError(error, "calling_window");
  if (hours) return { hours: { time_zone: hours } };
  // The caller id that may not be shown is refused as such, without a field.
  if (error.code === "refused" && error.detail.startsWith("caller_id "))
    return {
      caller_id: "It is not among the organisation's caller ids. Choose one of those, or add it there first.",
    };
  for (const [field, name] of FIELDS) {
    const sentence = fieldError(error, field);
    if (sentence) return { [name]: sentence };
  }
  return {};
}
