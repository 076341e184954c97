import { expect, test } from "vitest";
import { aCampaign } from "../testing";
import { changesBetween } from "./changes";
import { check } from "./check";
import { bodyOf, type CampaignForm, changedPart, formOf } from "./form";
import { merged } from "./merge";

const form = formOf(aCampaign);
const but = (part: Partial<CampaignForm>): CampaignForm => ({ ...form, ...part });

test("a form that nobody touched changes nothing", () => {
  const { id: _id, status: _status, created_at: _created, caller_id: _main, ...settings } = aCampaign;
  expect(bodyOf(form)).toEqual(settings);
  expect(changedPart(form, but({}))).toEqual({});
  expect(check(form)).toEqual({});
});

test("detection that is off has no time, and hanging up has no message", () => {
  const { conduct } = bodyOf(but({ detects_machines: false, amd_timeout_s: "", on_machine: "hang_up" }));
  expect(conduct).toMatchObject({ amd_timeout_s: null, on_machine: { action: "hang_up" } });
});

test("a file that is chosen is played, and one that is not is none", () => {
  const { conduct } = bodyOf(but({ opening_audio_id: "aud_1", message_audio_id: "aud_2" }));
  expect(conduct).toMatchObject({
    opening_audio_id: "aud_1",
    apology_audio_id: null,
    on_machine: { action: "leave_message", text: "We missed you.", audio_id: "aud_2" },
  });
  const names = (id: string) => ({ aud_1: "Greeting" })[id];
  expect(changesBetween(form, but({ opening_audio_id: "aud_1" }), names)).toEqual([
    { key: "opening_audio_id", label: "File played as the opening", before: "none", after: "Greeting" },
  ]);
});

test("only the parts that were changed are sent, each as a whole", () => {
  const { cadence } = bodyOf(but({ max_attempts: "5" }));
  expect(changedPart(form, but({ max_attempts: "5" }))).toEqual({ cadence });
});

test("numbers are sent as the API takes them, each once", () => {
  const more_caller_ids = ["+12125550199", "+14155550100"];
  const { caller_ids } = bodyOf(but({ caller_id: "+1 (212) 555-0199", more_caller_ids }));
  expect(caller_ids).toEqual(["+12125550199", "+14155550100"]);
});

test.each<[keyof CampaignForm, Partial<CampaignForm>]>([
  ["name", { name: "  " }],
  ["caller_id", { caller_id: "2125550100" }],
  ["ring_timeout_s", { ring_timeout_s: "14" }],
  ["wrap_up_s", { wrap_up_s: "3601" }],
  ["max_attempts", { max_attempts: "2.5" }],
  ["amd_timeout_s", { amd_timeout_s: "60" }],
  ["message", { message: "" }],
  ["apology", { apology: "x".repeat(3001) }],
  ["script", { script: "x".repeat(20_001) }],
  ["hours", { hours: { ...form.hours, days: [] } }],
])("%s is told when it is wrong", (field, part) => expect(Object.keys(check(but(part)))).toEqual([field]));

test("what is switched off is not checked", () =>
  expect(
    check(but({ detects_machines: false, amd_timeout_s: "", on_machine: "hang_up", message: "" })),
  ).toEqual({}));

test("changes name the setting, before and after", () => {
  const groups = (id: string) => ({ grp_1: "East desk", grp_2: "West desk" })[id];
  const changes = changesBetween(
    form,
    but({ group_id: "grp_2", record: false, hours: { ...form.hours, closes: "18:00" } }),
    groups,
  );
  expect(changes).toEqual([
    { key: "group_id", label: "Agent group", before: "East desk", after: "West desk" },
    { key: "times", label: "Hours", before: "09:00–17:00", after: "09:00–18:00" },
    { key: "record", label: "Recording", before: "on", after: "off" },
  ]);
});

test("the order in which dispositions were ticked is no change", () =>
  expect(changesBetween(form, but({ retry_on: ["no_answer", "busy"] }), () => undefined)).toEqual([]));

test("what others changed is taken over, and what was changed here is kept", () => {
  const theirs = but({ name: "Theirs", script: "Theirs", hours: { ...form.hours, opens: "08:00" } });
  const mine = but({ name: "Mine", hours: { ...form.hours, closes: "18:00" } });
  const both = merged(form, mine, theirs);
  expect(both).toMatchObject({ name: "Mine", script: "Theirs" });
  expect(both.hours).toMatchObject({ opens: "08:00", closes: "18:00" });
});
