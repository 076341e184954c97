import { useMutation, useQueryClient } from "@tanstack/react-query";
import { toast } from "sonner";
import { api, data, once } from "@/api/client";
import type { Group } from "@/api/groups";
import { keys } from "@/api/keys";
import { useOnceKey } from "@/api/once-key";
import { fieldError } from "@/api/problem";
import type { Schema } from "@/api/types";
import { Dialog } from "@/ui/dialog";
import { ErrorBox } from "@/ui/error-box";
import { Field } from "@/ui/field";
import { FormFooter } from "@/ui/form-footer";
import { formValues } from "@/ui/form-values";
import { Input } from "@/ui/input";

interface NewGroupDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onCreated: (group: Group) => void;
}

/** A group made on the way, where one is needed and there is none. */
export function NewGroupDialog({ open, onOpenChange, onCreated }: NewGroupDialogProps) {
  const queryClient = useQueryClient();
  const key = useOnceKey();
  const create = useMutation({
    mutationFn: (body: Schema<"GroupDraft">) =>
      data(api.POST("/api/agent-groups", { params: { header: once(key(body)) }, body })),
    meta: { quiet: true },
    onSuccess: async (group) => {
      await queryClient.invalidateQueries({ queryKey: [keys.groups] });
      toast.success(`${group.name} is created`);
      onOpenChange(false);
      onCreated(group);
    },
  });
  const { error } = create;
  const nameError = fieldError(error, "name");
  return (
    <Dialog
      open={open}
      onOpenChange={(isOpen) => {
        create.reset();
        onOpenChange(isOpen);
      }}
      title="New agent group"
      description="A team of agents who take the same calls. Agents are added to it on their own pages."
      footer={
        <FormFooter onCancel={() => onOpenChange(false)} form="new-group" busy={create.isPending}>
          Create group
        </FormFooter>
      }
    >
      <form
        id="new-group"
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          // The dialog may stand inside another form, which React would send, too.
          event.stopPropagation();
          create.mutate(formValues(event, "name"));
        }}
      >
        {error && !nameError && <ErrorBox error={error} title="Not created" />}
        <Field label="Name" required error={nameError}>
          <Input name="name" required maxLength={200} placeholder="East desk" autoFocus />
        </Field>
      </form>
    </Dialog>
  );
}
