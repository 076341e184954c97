import { useMutation, useQueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { Inbox } from "lucide-react";
import { toast } from "sonner";
import { api, data, once } from "@/api/client";
import { keys } from "@/api/keys";
import { usePages } from "@/api/pages";
import type { Schema } from "@/api/types";
import { uniqueWord } from "@/format/unique";
import { Button } from "@/ui/button";
import { CopyId } from "@/ui/copy-id";
import type { ColumnDef } from "@/ui/data-table";
import { EmptyState } from "@/ui/empty-state";
import { Select } from "@/ui/select";
import { Time } from "@/ui/time";
import { WordBadge } from "@/ui/word-badge";
import { optionsOf } from "@/words/words";
import { ListCard } from "../parts/list-card";

type Delivery = Schema<"WebhookDelivery">;
const route = getRouteApi("/inside/settings/$section");
const ANY = "any";
/** Nobody tells of attempts, so they are asked for. */
const EVERY_MS = 5000;

export function Deliveries({ endpointId }: { endpointId: string }) {
  const queryClient = useQueryClient();
  const { state } = route.useSearch();
  const navigate = route.useNavigate();
  const key = [keys.settings, "deliveries", endpointId];
  const deliveries = usePages(
    [...key, state],
    (cursor) =>
      data(
        api.GET("/api/webhook-endpoints/{endpoint_id}/deliveries", {
          params: { path: { endpoint_id: endpointId }, query: { state, cursor } },
        }),
      ),
    { refetchInterval: EVERY_MS },
  );
  const redeliver = useMutation({
    mutationFn: (deliveryId: string) =>
      data(
        api.POST("/api/webhook-deliveries/{delivery_id}/redeliver", {
          params: { path: { delivery_id: deliveryId }, header: once(uniqueWord()) },
        }),
      ),
    onSuccess: () => {
      toast.success("It is tried again");
      void queryClient.invalidateQueries({ queryKey: key });
    },
  });
  const columns: ColumnDef<Delivery>[] = [
    {
      header: "Event",
      cell: ({ row: { original: one } }) => (
        <span className="flex flex-col items-start">
          <span className="font-mono text-xs">{one.type}</span>
          <CopyId id={one.event_id} />
        </span>
      ),
    },
    {
      header: "State",
      cell: ({ row: { original: one } }) => (
        <span className="flex flex-col items-start">
          <WordBadge set="delivery" word={one.state} />
          {one.state === "pending" && one.next_at && (
            <span className="text-xs text-muted max-md:hidden">
              next <Time at={one.next_at} />
            </span>
          )}
        </span>
      ),
    },
    { header: "Tries", accessorKey: "attempts", meta: { align: "right", wideOnly: true } },
    {
      header: "Last answer",
      cell: ({ row: { original: one } }) => (
        <span className="break-words">
          {one.last_status ?? ""} {one.last_error ?? (one.last_status == null ? "–" : "")}
        </span>
      ),
      meta: { wideOnly: true },
    },
    { header: "Made", cell: ({ row }) => <Time at={row.original.created_at} />, meta: { wideOnly: true } },
    {
      id: "again",
      header: () => <span className="sr-only">Again</span>,
      meta: { align: "right" },
      cell: ({ row: { original: one } }) => (
        <Button
          size="small"
          busy={redeliver.isPending && redeliver.variables === one.id}
          onClick={() => redeliver.mutate(one.id)}
        >
          Redeliver
        </Button>
      ),
    },
  ];
  return (
    <ListCard
      title="Deliveries"
      actions={
        <Select<Schema<"DeliveryStateWord"> | typeof ANY>
          aria-label="State"
          value={state ?? ANY}
          options={[{ value: ANY, label: "Any state" }, ...optionsOf("delivery")]}
          onChange={(chosen) =>
            void navigate({ search: (was) => ({ ...was, state: chosen === ANY ? undefined : chosen }) })
          }
          className="w-32"
        />
      }
      pages={deliveries}
      columns={columns}
      rowId={(one) => one.id}
      empty={
        <EmptyState icon={Inbox} title="No deliveries">
          Delivered ones are kept for a week. Press “Test” to send one.
        </EmptyState>
      }
    />
  );
}
