import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { toast } from "sonner";
import { api, data, ifMatch, once, versioned } from "@/api/client";
import { keys } from "@/api/keys";
import { useOnceKey } from "@/api/once-key";
import { fieldError } from "@/api/problem";
import type { Schema } from "@/api/types";
import { Field } from "@/ui/field";
import { formValues } from "@/ui/form-values";
import { Input } from "@/ui/input";
import { FormDialog } from "../parts/form-dialog";

interface GroupDialogProps {
  /** The one to be renamed; none for a new one. */
  group?: Schema<"AgentGroup">;
  onClose: () => void;
}

export function GroupDialog({ group, onClose }: GroupDialogProps) {
  const queryClient = useQueryClient();
  const key = useOnceKey();
  const path = { group_id: group?.id ?? "" };
  const current = useQuery({
    queryKey: [keys.groups, "one", group?.id],
    queryFn: () => versioned(api.GET("/api/agent-groups/{group_id}", { params: { path } })),
    enabled: group !== undefined,
    staleTime: 0,
    gcTime: 0,
  });
  const save = useMutation({
    mutationFn: (body: Schema<"GroupDraft">) =>
      group
        ? data(
            api.PUT("/api/agent-groups/{group_id}", {
              params: { path, header: ifMatch(current.data?.etag ?? null) },
              body,
            }),
          )
        : data(api.POST("/api/agent-groups", { params: { header: once(key(body)) }, body })),
    meta: { quiet: true },
    onSuccess: ({ name }) => {
      toast.success(group ? `It is called ${name} now` : `${name} is made`);
      void queryClient.invalidateQueries({ queryKey: [keys.groups] });
      onClose();
    },
  });
  return (
    <FormDialog
      title={group ? `Rename ${group.name}` : "New agent group"}
      submit={group ? "Rename" : "Make group"}
      busy={save.isPending || (group !== undefined && current.isPending)}
      error={save.error ?? current.error}
      onSubmit={(event) => save.mutate(formValues(event, "name"))}
      onClose={onClose}
    >
      <Field label="Name" required hint="No two groups have the same." error={fieldError(save.error, "name")}>
        <Input name="name" defaultValue={group?.name} required maxLength={200} autoFocus />
      </Field>
    </FormDialog>
  );
}
