import { ChevronDown } from "lucide-react";
import { Button } from "@/ui/button";
import { DropdownMenu, MenuChoice } from "@/ui/dropdown-menu";
import { optionsOf, type WordOf, wordOf } from "@/words/words";
import type { Agent } from "./agent-data";

interface PresenceMenuProps {
  agent: Agent;
  onSet: (agent: Agent, presence: WordOf<"presence">) => void;
  busy: boolean;
  size?: "small" | "normal";
}

/** What an agent says of itself, to be set by a manager. */
export function PresenceMenu({ agent, onSet, busy, size = "small" }: PresenceMenuProps) {
  const { label, icon: Icon } = wordOf("presence", agent.presence);
  return (
    <DropdownMenu
      trigger={
        <Button
          size={size}
          icon={<Icon aria-hidden />}
          disabled={busy}
          aria-label={`Status of ${agent.name}: ${label}`}
        >
          {label}
          <ChevronDown aria-hidden />
        </Button>
      }
    >
      <MenuChoice
        value={agent.presence}
        onChange={(presence) => onSet(agent, presence)}
        options={optionsOf("presence").map((option) => {
          const Icon = wordOf("presence", option.value).icon;
          return { ...option, icon: <Icon aria-hidden /> };
        })}
      />
    </DropdownMenu>
  );
}
