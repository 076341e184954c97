import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Ban, Check, Hourglass, PhoneOutgoing, Plus } from "lucide-react";
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
import { Badge } from "@/ui/badge";
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
  const [changing, setChanging] = useState<CallerId | null>(null);
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
    {
      header: "Calls today",
      cell: ({ row: { original: number } }) => (
        <span className="tabular-nums">
          {number.calls_today}
          <span className="text-muted"> of {number.daily_cap ?? "any number"}</span>
        </span>
      ),
    },
    { header: "Carrier", cell: ({ row }) => <Listed number={row.original} /> },
    { header: "Added", cell: ({ row }) => <Time at={row.original.created_at} />, meta: { wideOnly: true } },
    {
      id: "remove",
      header: () => <span className="sr-only">Remove</span>,
      meta: { align: "right" },
      cell: ({ row }) =>
        mayChange && (
          <span className="inline-flex gap-2">
            <Button size="small" onClick={() => setChanging(row.original)}>
              Change
            </Button>
            <Button size="small" onClick={() => setRemoving(row.original)}>
              Remove
            </Button>
          </span>
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
            Campaigns show the installation’s number. Once a number is listed here, campaigns are called from
            those listed alone.
          </EmptyState>
        }
      />
      {isAdding && <CallerIdDialog onClose={() => setAdding(false)} />}
      {changing && <TermsDialog number={changing} onClose={() => setChanging(null)} />}
      <ConfirmDialog
        open={removing !== null}
        onOpenChange={(open) => !open && setRemoving(null)}
        title={`Remove ${removing ? phoneText(removing.phone) : ""}?`}
        confirm="Remove number"
        danger
        onConfirm={async () => removing && remove.mutateAsync(removing.id)}
      >
        A number that a campaign shows stays: give the campaign another first.
      </ConfirmDialog>
    </>
  );
}

function Listed({ number }: { number: CallerId }) {
  switch (number.listed) {
    case true:
      return (
        <Badge icon={Check} tone="ok">
          Lists it
        </Badge>
      );
    case false:
      return (
        <Badge icon={Ban} tone="bad">
          Does not list it
        </Badge>
      );
    default:
      return <Badge icon={Hourglass}>Not asked yet</Badge>;
  }
}

/** What is typed into the field of the cap: nothing for any number of calls. */
const capOf = (typed: string) => (typed.trim() === "" ? null : Number(typed));

function CapField({ cap, error }: { cap: number | null | undefined; error: string | undefined }) {
  return (
    <Field
      label="Calls a day at most"
      hint="Numbers that call more than 75 to 100 times a day get marked as spam. Empty: any number of calls."
      error={error}
    >
      <Input
        name="daily_cap"
        type="number"
        min={1}
        max={100_000}
        defaultValue={cap === null ? "" : cap}
        autoComplete="off"
      />
    </Field>
  );
}

function TermsDialog({ number, onClose }: { number: CallerId; onClose: () => void }) {
  const queryClient = useQueryClient();
  const change = useMutation({
    mutationFn: (body: Schema<"CallerIdChange">) =>
      data(
        api.PUT("/api/tenant/caller-ids/{number_id}", { params: { path: { number_id: number.id } }, body }),
      ),
    meta: { quiet: true },
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: key });
      onClose();
    },
  });
  return (
    <FormDialog
      title={`Change ${phoneText(number.phone)}`}
      submit="Save"
      busy={change.isPending}
      error={change.error}
      onSubmit={(event) => {
        const { label, daily_cap } = formValues(event, "label", "daily_cap");
        change.mutate({ label, daily_cap: capOf(daily_cap) });
      }}
      onClose={onClose}
    >
      <CapField cap={number.daily_cap} error={fieldError(change.error, "daily_cap")} />
      <Field label="Label" hint="What you call it: Main office." error={fieldError(change.error, "label")}>
        <Input name="label" defaultValue={number.label} maxLength={200} autoComplete="off" />
      </Field>
    </FormDialog>
  );
}

/** What the API takes when nothing is said. */
const DAILY_CAP = 100;

function CallerIdDialog({ onClose }: { onClose: () => void }) {
  const queryClient = useQueryClient();
  const onceKey = useOnceKey();
  const add = useMutation({
    mutationFn: (body: Schema<"NewCallerId">) =>
      data(api.POST("/api/tenant/caller-ids", { params: { header: once(onceKey(body)) }, body })),
    meta: { quiet: true },
    onSuccess: ({ phone }) => {
      toast.success(
        `${phoneText(phone)} is added: campaigns may show it once the carrier was seen to list it`,
      );
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
      onSubmit={(event) => {
        const { daily_cap, ...named } = formValues(event, "phone", "label", "daily_cap");
        add.mutate({ ...named, daily_cap: capOf(daily_cap) });
      }}
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
      <CapField cap={DAILY_CAP} error={fieldError(add.error, "daily_cap")} />
    </FormDialog>
  );
}
