import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, data } from "@/api/client";
import { keys } from "@/api/keys";
import { fieldError } from "@/api/problem";
import type { Schema } from "@/api/types";
import { useMe } from "@/auth/me";
import { Field } from "@/ui/field";
import { formValues } from "@/ui/form-values";
import { Input } from "@/ui/input";
import { RadioGroup } from "@/ui/radio-group";
import { Time } from "@/ui/time";
import { FormDialog } from "../parts/form-dialog";
import { linkTo } from "../parts/link-to";
import { ShownOnce } from "../parts/shown-once";
import { roleOptions } from "./role-options";

export function InviteDialog({ onClose }: { onClose: () => void }) {
  const queryClient = useQueryClient();
  const me = useMe();
  const [role, setRole] = useState<Schema<"RoleWord">>("agent");
  const invite = useMutation({
    mutationFn: (body: Schema<"InvitationDraft">) => data(api.POST("/api/invitations", { body })),
    meta: { quiet: true },
    onSuccess: () => void queryClient.invalidateQueries({ queryKey: [keys.settings, "invitations"] }),
  });
  const { error, data: invitation } = invite;

  if (invitation) {
    return (
      <ShownOnce
        title="Invitation link"
        description={`Pass it on to ${invitation.email}: no mail is sent. It is shown this once.`}
        label="Link"
        value={linkTo("/invitation", invitation.token)}
        hint={
          <>
            Good until <Time at={invitation.expires_at} absolute />.
          </>
        }
        onClose={onClose}
      />
    );
  }
  return (
    <FormDialog
      title="Invite somebody"
      description="You get a link to pass on; with it the person chooses a password."
      submit="Make the link"
      busy={invite.isPending}
      error={error}
      onSubmit={(event) => invite.mutate({ ...formValues(event, "email", "name"), role })}
      onClose={onClose}
    >
      <Field label="Email" required error={fieldError(error, "email")}>
        <Input name="email" type="email" required autoComplete="off" />
      </Field>
      <Field label="Name" hint="Can be left to the person." error={fieldError(error, "name")}>
        <Input name="name" maxLength={200} autoComplete="off" />
      </Field>
      <Field label="Role" error={fieldError(error, "role")}>
        <RadioGroup value={role} onChange={setRole} options={roleOptions(me.role)} />
      </Field>
    </FormDialog>
  );
}
