import { useMutation } from "@tanstack/react-query";
import { Ellipsis, PhoneOff } from "lucide-react";
import { toast } from "sonner";
import { api, data } from "@/api/client";
import { DropdownMenu, MenuItem, MenuLabel, MenuSeparator } from "@/ui/dropdown-menu";
import { optionsOf, wordOf } from "@/words/words";
import type { Agent, Call } from "./board";
import { callName } from "./call-name";

interface AgentMenuProps {
  agent: Agent;
  call: Call | undefined;
  onEnd: (call: Call) => void;
}

/** What a supervisor may do about an agent. */
export function AgentMenu({ agent, call, onEnd }: AgentMenuProps) {
  const set = useMutation({
    mutationFn: (status: Agent["presence"]) =>
      data(
        api.PUT("/api/agents/{agent_id}/status", {
          params: { path: { agent_id: agent.id } },
          body: { status },
        }),
      ),
    onSuccess: (_, status) =>
      toast.success(`${agent.name}: ${wordOf("presence", status).label.toLowerCase()}`),
  });
  const isBusy = agent.state !== agent.presence;
  return (
    <DropdownMenu
      trigger={
        <button
          type="button"
          aria-label={`Actions for ${agent.name}`}
          className="inline-flex size-8 items-center justify-center rounded-md text-muted hover:bg-hover hover:text-text"
        >
          <Ellipsis aria-hidden className="size-4" />
        </button>
      }
    >
      <MenuLabel>{isBusy ? "After this call" : `Set ${agent.name}`}</MenuLabel>
      {optionsOf("presence").map(({ value, label }) => {
        const { icon: Icon } = wordOf("presence", value);
        return (
          <MenuItem
            key={value}
            icon={<Icon />}
            disabled={agent.presence === value}
            onSelect={() => set.mutate(value)}
          >
            {label}
          </MenuItem>
        );
      })}
      {call && (
        <>
          <MenuSeparator />
          <MenuItem danger icon={<PhoneOff />} onSelect={() => onEnd(call)}>
            End the call with {callName(call)}…
          </MenuItem>
        </>
      )}
    </DropdownMenu>
  );
}
