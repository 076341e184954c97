import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, data } from "@/api/client";
import { keys } from "@/api/keys";
import { Combobox } from "./combobox";

const ANY = "any";
const SHOWN = 50;

interface AgentSelectProps {
  /** An agent's id; undefined for all. Belongs into the address. */
  value: string | undefined;
  onChange: (agentId: string | undefined) => void;
}

/** The agent that a page is about, or all; found by the beginning of the name. */
export function AgentSelect({ value, onChange }: AgentSelectProps) {
  const [name, setName] = useState("");
  const { data: found } = useQuery({
    queryKey: ["agent-names", name],
    queryFn: () =>
      data(api.GET("/api/agents", { params: { query: { name: name || undefined, limit: SHOWN } } })),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
  const { data: chosen } = useQuery({
    queryKey: [keys.agents, "one", value],
    queryFn: () => data(api.GET("/api/agents/{agent_id}", { params: { path: { agent_id: value ?? "" } } })),
    enabled: value !== undefined,
  });
  const options = (found?.data ?? []).map((agent) => ({ value: agent.id as string, label: agent.name }));
  const isListed = options.some((option) => option.value === value);
  return (
    <Combobox
      aria-label="Agent"
      value={value ?? ANY}
      options={[
        ...(name === "" ? [{ value: ANY, label: "All agents" }] : []),
        ...options,
        ...(value !== undefined && !isListed ? [{ value, label: chosen?.name ?? "One agent" }] : []),
      ]}
      onSearch={setName}
      onChange={(id) => onChange(id === ANY ? undefined : id)}
      className="w-40"
    />
  );
}
