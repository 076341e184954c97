import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { toast } from "sonner";
import { api, data, ifMatch, once, type Versioned } from "@/api/client";
import { keys } from "@/api/keys";
import { useOnceKey } from "@/api/once-key";
import { asProblem, fieldError } from "@/api/problem";
import { localZone } from "@/format/time";
import { Callout } from "@/ui/callout";
import { Dialog } from "@/ui/dialog";
import { ErrorBox } from "@/ui/error-box";
import { focusFault } from "@/ui/focus-fault";
import { FormFooter } from "@/ui/form-footer";
import { SkeletonLines } from "@/ui/skeleton";
import { type Agent, agentQuery } from "./agent-data";
import { AgentFields } from "./agent-fields";
import { type AgentErrors, type AgentForm, bodyOf, checkAgent, emptyAgent, formOf } from "./agent-form";

/** A new agent. */
export function NewAgentDialog({ groupId, onClose }: { groupId: string | undefined; onClose: () => void }) {
  const key = useOnceKey();
  return (
    <FormDialog
      title="New agent"
      description="Somebody who takes calls. An agent is offline at first."
      verb="Create agent"
      first={emptyAgent(localZone(), groupId ? [groupId] : [])}
      save={(form) => {
        const body = bodyOf(form);
        return data(api.POST("/api/agents", { params: { header: once(key(body)) }, body }));
      }}
      onClose={onClose}
    />
  );
}

/** An agent to be changed. */
export function EditAgentDialog({ agent, onClose }: { agent: Agent; onClose: () => void }) {
  const query = useQuery({ ...agentQuery(agent.id), staleTime: 0 });
  // The version is of what the form begins with, and stays, whatever is read meanwhile.
  const [first, setFirst] = useState<Versioned<Agent> | null>(null);
  if (first === null && query.data && !query.isFetching) setFirst(query.data);
  if (first === null)
    return (
      <Dialog open onOpenChange={onClose} title={`Edit ${agent.name}`}>
        {query.isError ? <ErrorBox error={query.error} /> : <SkeletonLines />}
      </Dialog>
    );
  return (
    <FormDialog
      title={`Edit ${agent.name}`}
      verb="Save changes"
      first={formOf(first.data, localZone())}
      save={(form) =>
        data(
          api.PUT("/api/agents/{agent_id}", {
            params: { path: { agent_id: agent.id }, header: ifMatch(first.etag) },
            body: bodyOf(form),
          }),
        )
      }
      onClose={onClose}
    />
  );
}

interface FormDialogProps {
  title: string;
  description?: string;
  verb: string;
  first: AgentForm;
  save: (form: AgentForm) => Promise<Agent>;
  onClose: () => void;
}

function FormDialog({ title, description, verb, first, save, onClose }: FormDialogProps) {
  const queryClient = useQueryClient();
  const [form, setForm] = useState(first);
  const [wasTried, setTried] = useState(false);
  const saving = useMutation({
    mutationFn: save,
    meta: { quiet: true },
    onSuccess: async ({ name }) => {
      toast.success(`${name} is saved`);
      onClose();
      await Promise.all(
        [keys.agents, keys.groups, keys.board].map((key) =>
          queryClient.invalidateQueries({ queryKey: [key] }),
        ),
      );
    },
  });
  const faults = checkAgent(form);
  const refused = refusals(saving.error);
  const isOvertaken = saving.error !== null && asProblem(saving.error).code === "changed";

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setTried(true);
    if (Object.keys(faults).length > 0) focusFault(event.currentTarget);
    else saving.mutate(form);
  };

  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={title}
      description={description}
      footer={
        <FormFooter onCancel={onClose} form="agent" busy={saving.isPending}>
          {verb}
        </FormFooter>
      }
    >
      <form id="agent" noValidate onSubmit={submit} className="flex flex-col gap-4">
        {isOvertaken ? (
          <Callout tone="warn" title="Somebody else changed this agent meanwhile">
            Nothing is saved. Close this, open it again to see what changed, and make your change anew.
          </Callout>
        ) : (
          saving.error &&
          Object.keys(refused).length === 0 && <ErrorBox error={saving.error} title="Not saved" />
        )}
        <AgentFields
          form={form}
          set={(part) => setForm((was) => ({ ...was, ...part }))}
          errors={{ ...refused, ...(wasTried && faults) }}
        />
      </form>
    </Dialog>
  );
}

/** What the API refused, at the field that it is about. */
function refusals(error: unknown): AgentErrors {
  const hours = fieldError(error, "working_hours");
  if (hours) return { hours: { time_zone: hours } };
  for (const field of ["name", "phone", "reach", "group_ids", "max_concurrent_calls", "user_id"] as const) {
    const sentence = fieldError(error, field);
    if (sentence) return { [field]: sentence };
  }
  return {};
}
