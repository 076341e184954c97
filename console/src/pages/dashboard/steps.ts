/** How far an organisation has come. */
export interface Standing {
  groups: boolean;
  agents: boolean;
  leads: boolean;
  campaigns: readonly { id: string; name: string; started: boolean }[];
}

export type StepId = "group" | "agent" | "campaign" | "leads" | "start";

export interface Step {
  id: StepId;
  isDone: boolean;
  /** The first that is not done. */
  isNext: boolean;
}

/** What there is to do before the first call, in order. */
export function stepsOf(standing: Standing): Step[] {
  const steps: [StepId, boolean][] = [
    ["group", standing.groups],
    ["agent", standing.agents],
    ["campaign", standing.campaigns.length > 0],
    ["leads", standing.leads],
    ["start", standing.campaigns.some(({ started }) => started)],
  ];
  const next = steps.find(([, isDone]) => !isDone)?.[0];
  return steps.map(([id, isDone]) => ({ id, isDone, isNext: id === next }));
}
