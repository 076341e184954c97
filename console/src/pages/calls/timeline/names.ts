import { useQueries } from "@tanstack/react-query";
import { useMemo } from "react";
import { api, data } from "@/api/client";
import type { Schema } from "@/api/types";
import { commandsOf, eventOf, type TimelineEntry, textIn } from "./stored";

/** Who is who in a call. */
export interface Names {
  /** "the lead", "Maya Brooks", or "agent 2" while the name is not known. */
  leg: (leg: string) => string;
  agentId: (leg: string) => string | undefined;
  agent: (agentId: string) => string;
}

/** Which agent a leg goes to. An agent who was given back is no longer named by the leg, but by the journal. */
export function agentsOfLegs(timeline: readonly TimelineEntry[]): ReadonlyMap<string, string> {
  const agents = new Map<string, string>();
  for (const entry of timeline) {
    const agent = textIn(eventOf(entry), "agent");
    const placing = commandsOf(entry).find((command) => textIn(command, "command") === "place_leg");
    if (agent !== "" && placing) agents.set(textIn(placing, "leg"), agent);
  }
  return agents;
}

/** The names for what a journal has ids and legs for. */
export function namesOf(agentOfLeg: ReadonlyMap<string, string>, agents: ReadonlyMap<string, string>): Names {
  return {
    leg: (leg) => {
      if (leg === "lead") return "the lead";
      return agents.get(agentOfLeg.get(leg) ?? "") ?? leg.replace("-", " ");
    },
    agentId: (leg) => agentOfLeg.get(leg),
    agent: (agentId) => agents.get(agentId) ?? "an agent",
  };
}

/** The same, with the agents' names read. */
export function useNames(timeline: readonly TimelineEntry[]): Names {
  const agentOfLeg = useMemo(() => agentsOfLegs(timeline), [timeline]);
  const agentIds = [...new Set(agentOfLeg.values())];
  const agents = useQueries({
    queries: agentIds.map((agentId) => ({
      // Not refetched with every call: names hardly change.
      queryKey: ["agent-names", "one", agentId],
      queryFn: () => data(api.GET("/api/agents/{agent_id}", { params: { path: { agent_id: agentId } } })),
      staleTime: 5 * 60_000,
    })),
    combine: namesById,
  });
  return useMemo(() => namesOf(agentOfLeg, agents), [agentOfLeg, agents]);
}

function namesById(answers: readonly { data?: Schema<"Agent"> }[]): ReadonlyMap<string, string> {
  return new Map(answers.flatMap(({ data: agent }) => (agent ? [[agent.id, agent.name]] : [])));
}
