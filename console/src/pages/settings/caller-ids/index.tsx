import { useMutation, useQueryClient } from "@tanstack/react-query";
import { PhoneOutgoing, Plus } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import { api, data, once } from "@/api/client";
import { keys } from "@/api/keys";
import { useOnceKey } from "@/api/once-key";
import { usePages } from "@/api/pages";
import { fieldError } from "@/api/problem";
import type { Schema } from "@/api/types";
import { useMay } from "@/auth/me";
import { phoneText } from "@/format/phone";
import { Button } from "@/ui/button";
import { ConfirmDialog } from "@/ui/confirm-dialog";
import type { ColumnDef } from "@/ui/data-table";
import { EmptyState } from "@/ui/empty-state";
import { Field } from "@/ui/field";
import { formValues } from "@/ui/form-values";
import { Input } from "@/ui/input";
import { Time } from "@/ui/time";
import { PhoneNumber } from "@/ui/values";
import { FormDialog } from "../parts/form-dialog";
import { ListCard } from "../parts/list-card";

type CallerId = Schema<"CallerId">;
const key = [keys.settings, "caller-ids"];

export default function CallerIds() {
  const queryClient = useQueryClient();
  const mayChange = useMay("tenant_admin");
  const [isAdding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<CallerId | null>(null);
  const callerIds = usePages(key, (cursor) =>
    data(api.GET("/api/tenant/caller-ids", { params: { query: { cursor } } })),
  );
  const remove = useMutation({
    mutationFn: (id: string) =>
      data(api.DELETE("/api/tenant/caller-ids/{number_id}", { params: { path: { number_id: id } } })),
    meta: { quiet: true },
    onSuccess: () => void queryClient.invalidateQueries({ queryKey: key }),
  });
  const columns: ColumnDef<CallerId>[] = [
    { header: "Number", cell: ({ row }) => <PhoneNumber phone={row.original.phone} /> },
    { header: "Label", cell: ({ row }) => row.original.label || <span className="text-faint">–</span> },
    { header: "Added", cell: ({ row }) => <Time at={row.original.created_at} />, meta: { wideOnly: true } },
    {
      id: "remove",
      header: () => <span className="sr-only">Remove</span>,
      meta: { align: "right" },
      cell: ({ row }) =>
        mayChange && (
          <Button size="small" onClick={() => setRemoving(row.original)}>
            Remove
          </Button>
        ),
    },
  ];
  const add = mayChange && (
    <Button look="primary" icon={<Plus />} onClick={() => setAdding(true)}>
      Add a number
    </Button>
  );
  return (
    <>
      <ListCard
        title="Numbers that leads see"
        actions={callerIds.rows.length > 0 && add}
        pages={callerIds}
        columns={columns}
        rowId={(one) => one.id}
        empty={
          <EmptyState icon={PhoneOutgoing} title="No caller id yet" action={add}>
            Campaigns show the installation’s number. Once a number is listed here, campaigns may show only
            those listed.
          </EmptyState>
        }
      />
      {isAdding && <CallerIdDialog onClose={() => setAdding(false)} />}
      <ConfirmDialog
        open={removing !== null}
        onOpenChange={(open) => !open && setRemoving(null)}
        title={`Remove ${removing ? phoneText(removing.phone) : ""}?`}
        confirm="Remove number"
        danger
        onConfirm={async () => removing && remove.mutateAsync(removing.id)}
      >
        Campaigns that show it keep it until they are changed.
      </ConfirmDialog>
    </>
  );
}

function CallerIdDialog({ onClose }: { onClose: () => void }) {
  const queryClient = useQueryClient();
  const onceKey = useOnceKey();
  const add = useMutation({
    mutationFn: (body: Schema<"NewCallerId">) =>
      data(api.POST("/api/tenant/caller-ids", { params: { header: once(onceKey(body)) }, body })),
    meta: { quiet: true },
    onSuccess: ({ phone }) => {
      toast.success(`Campaigns may show ${phoneText(phone)} now`);
      void queryClient.invalidateQueries({ queryKey: key });
      onClose();
    },
  });
  return (
    <FormDialog
      title="Add a number"
      description="The carrier must let your account show it."
      submit="Add number"
      busy={add.isPending}
      error={add.error}
      onSubmit={(event) => add.mutate(formValues(event, "phone", "label"))}
      onClose={onClose}
    >
      <Field
        label="Number"
        required
        hint="With the country’s prefix: +1 212 555 0142."
        error={fieldError(add.error, "phone")}
      >
        <Input name="phone" type="tel" required autoFocus autoComplete="off" />
      </Field>
      <Field label="Label" hint="What you call it: Main office." error={fieldError(add.error, "label")}>
        <Input name="label" maxLength={200} autoComplete="off" />
      </Field>
    </FormDialog>
  );
}
