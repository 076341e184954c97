import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import { groupsQuery } from "@/api/groups";
import { plural } from "@/format/number";
import { Button } from "@/ui/button";
import { Combobox } from "@/ui/combobox";
import { Field } from "@/ui/field";
import { NewGroupDialog } from "../agents/new-group-dialog";

interface GroupSelectProps {
  value: string;
  onChange: (id: string) => void;
  error: string | undefined;
}

/** The team that takes a campaign's calls; one can be made on the way. */
export function GroupSelect({ value, onChange, error }: GroupSelectProps) {
  const { data: groups } = useQuery(groupsQuery);
  const [isMaking, setMaking] = useState(false);
  const options = (groups ?? []).map((group) => ({
    value: group.id,
    label: group.name,
    hint: plural(group.agents, "agent"),
  }));
  return (
    <Field label="Agent group" required error={error} hint="The team that takes its calls.">
      <div className="flex gap-2">
        <Combobox
          value={value}
          onChange={onChange}
          options={options}
          placeholder={groups?.length === 0 ? "There is none yet" : "Choose a group…"}
          className="min-w-0 flex-1"
        />
        <Button icon={<Plus aria-hidden />} onClick={() => setMaking(true)}>
          New group
        </Button>
      </div>
      <NewGroupDialog open={isMaking} onOpenChange={setMaking} onCreated={({ id }) => onChange(id)} />
    </Field>
  );
}
