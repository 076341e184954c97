import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import { groupsQuery } from "@/api/groups";
import { Button } from "@/ui/button";
import { Checkbox } from "@/ui/checkbox";
import { NewGroupDialog } from "./new-group-dialog";

interface GroupTicksProps {
  value: readonly string[];
  onChange: (ids: string[]) => void;
  error: string | undefined;
}

/** The teams that an agent belongs to. */
export function GroupTicks({ value, onChange, error }: GroupTicksProps) {
  const { data: groups = [] } = useQuery(groupsQuery);
  const [isMaking, setMaking] = useState(false);
  const tick = (id: string, isTicked: boolean) =>
    onChange(isTicked ? [...value, id] : value.filter((one) => one !== id));
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1 text-sm font-medium">Groups</legend>
      <div className="grid max-h-48 grid-cols-1 gap-2 overflow-y-auto p-1 sm:grid-cols-2">
        {groups.map((group) => (
          <Checkbox
            key={group.id}
            checked={value.includes(group.id)}
            onChange={(isTicked) => tick(group.id, isTicked)}
            label={group.name}
          />
        ))}
      </div>
      {error && <p className="text-xs text-bad">{error}</p>}
      <p className="text-xs text-muted">Calls of the campaigns that draw from these teams ring here.</p>
      <div>
        <Button size="small" icon={<Plus aria-hidden />} onClick={() => setMaking(true)}>
          New group
        </Button>
      </div>
      <NewGroupDialog open={isMaking} onOpenChange={setMaking} onCreated={({ id }) => tick(id, true)} />
    </fieldset>
  );
}
