import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Headset } from "lucide-react";
import { type FormEvent, useState } from "react";
import { toast } from "sonner";
import { api, data, once } from "@/api/client";
import { groupsQuery } from "@/api/groups";
import { keys } from "@/api/keys";
import { useOnceKey } from "@/api/once-key";
import { fieldError } from "@/api/problem";
import { useMe } from "@/auth/me";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { ErrorBox } from "@/ui/error-box";
import { Field } from "@/ui/field";
import { formValues } from "@/ui/form-values";
import { Input } from "@/ui/input";
import { Select } from "@/ui/select";
import { useReread } from "./use-desk";

const NEW = "new";
const FIRST_GROUP = "Sales team";

interface Wish {
  name: string;
  phone: string;
  group: string;
}

/** Makes an agent of who is logged in. */
export function BecomeAgent() {
  const me = useMe();
  const queryClient = useQueryClient();
  const reread = useReread();
  const [groupOnceKey, agentOnceKey] = [useOnceKey(), useOnceKey()];
  const groups = useQuery(groupsQuery);
  const [chosen, setChosen] = useState<string>();
  const choices = groups.data ?? [];
  const group = chosen ?? choices[0]?.id ?? NEW;

  const become = useMutation({
    mutationFn: async (wish: Wish) => {
      const groupId = wish.group === NEW ? await makeGroup() : wish.group;
      const body = { name: wish.name, phone: wish.phone, user_id: me.user_id, group_ids: [groupId] };
      return data(api.POST("/api/agents", { params: { header: once(agentOnceKey(body)) }, body }));
    },
    meta: { quiet: true },
    onSuccess: () => {
      toast.success("You can take calls now");
      void queryClient.invalidateQueries({ queryKey: [keys.agents] });
      void queryClient.invalidateQueries({ queryKey: [keys.groups] });
      reread();
    },
  });
  const makeGroup = async () => {
    const body = { name: FIRST_GROUP };
    const made = await data(
      api.POST("/api/agent-groups", { params: { header: once(groupOnceKey(body)) }, body }),
    );
    return made.id;
  };
  const submit = (event: FormEvent<HTMLFormElement>) => {
    const { name, phone } = formValues(event, "name", "phone");
    become.mutate({ name: name.trim(), phone: phone.replace(/[\s().-]/g, ""), group });
  };

  const { error } = become;
  return (
    <Card title="Take calls yourself">
      <form className="flex max-w-md flex-col gap-4" onSubmit={submit}>
        <p className="text-muted">
          You manage, and have no telephone here yet. Give one, and calls can come to you, too.
        </p>
        {error && <ErrorBox error={error} title="Not set up" />}
        <Field label="Name" hint="As your team sees it." error={fieldError(error, "name")} required>
          <Input name="name" defaultValue={me.name || me.email} maxLength={200} required />
        </Field>
        <Field
          label="Phone"
          hint="The number that rings when somebody answers, with its country code."
          error={fieldError(error, "phone")}
          required
        >
          <Input name="phone" type="tel" autoComplete="tel" placeholder="+1 212 555 0190" required />
        </Field>
        <Field label="Group" hint="Campaigns draw on groups." error={fieldError(error, "group_ids")}>
          <Select
            value={group}
            onChange={setChosen}
            disabled={groups.isPending}
            options={[
              ...choices.map(({ id, name }) => ({ value: id, label: name })),
              ...(choices.length === 0 ? [{ value: NEW, label: `New group: ${FIRST_GROUP}` }] : []),
            ]}
          />
        </Field>
        <div>
          <Button type="submit" look="primary" icon={<Headset />} busy={become.isPending}>
            Take calls
          </Button>
        </div>
      </form>
    </Card>
  );
}
