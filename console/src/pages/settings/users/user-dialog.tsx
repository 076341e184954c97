import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { toast } from "sonner";
import { api, data, ifMatch, versioned } from "@/api/client";
import { keys } from "@/api/keys";
import { fieldError } from "@/api/problem";
import type { Schema } from "@/api/types";
import { useMe } from "@/auth/me";
import { Callout } from "@/ui/callout";
import { Field } from "@/ui/field";
import { Input } from "@/ui/input";
import { RadioGroup } from "@/ui/radio-group";
import { FormDialog } from "../parts/form-dialog";
import { roleOptions } from "./role-options";

interface UserDialogProps {
  user: Schema<"User">;
  onClose: () => void;
}

/** The name and the role of a user. */
export function UserDialog({ user, onClose }: UserDialogProps) {
  const queryClient = useQueryClient();
  const me = useMe();
  const path = { user_id: user.id };
  const current = useQuery({
    queryKey: [keys.settings, "user", user.id],
    queryFn: () => versioned(api.GET("/api/users/{user_id}", { params: { path } })),
    staleTime: 0,
    gcTime: 0,
  });
  const [name, setName] = useState(user.name);
  const [role, setRole] = useState(user.role);
  const save = useMutation({
    mutationFn: () =>
      data(
        api.PUT("/api/users/{user_id}", {
          params: { path, header: ifMatch(current.data?.etag ?? null) },
          body: { name, role },
        }),
      ),
    meta: { quiet: true },
    onSuccess: () => {
      toast.success(`${user.email} is changed`);
      void queryClient.invalidateQueries({ queryKey: [keys.settings, "users"] });
      if (user.id === me.user_id) void queryClient.invalidateQueries({ queryKey: [keys.me] });
      onClose();
    },
  });
  const error = save.error ?? current.error;
  return (
    <FormDialog
      title={user.name || user.email}
      description={user.name ? user.email : undefined}
      submit="Save"
      busy={save.isPending || current.isPending}
      error={error}
      onSubmit={() => save.mutate()}
      onClose={onClose}
    >
      {user.id === me.user_id && (
        <Callout tone="warn">This is you: a lower role takes this page from you.</Callout>
      )}
      <Field label="Name" error={fieldError(error, "name")}>
        <Input value={name} maxLength={200} onChange={(event) => setName(event.target.value)} />
      </Field>
      <Field label="Role" hint="A new role is felt within half a minute." error={fieldError(error, "role")}>
        <RadioGroup value={role} onChange={setRole} options={roleOptions(me.role)} />
      </Field>
    </FormDialog>
  );
}
