import { getRouteApi, Link } from "@tanstack/react-router";
import { Plus, Webhook } from "lucide-react";
import { useState } from "react";
import { api, data } from "@/api/client";
import { keys } from "@/api/keys";
import { usePages } from "@/api/pages";
import type { Schema } from "@/api/types";
import { plural } from "@/format/number";
import { Button } from "@/ui/button";
import type { ColumnDef } from "@/ui/data-table";
import { EmptyState } from "@/ui/empty-state";
import { Time } from "@/ui/time";
import { ListCard } from "../parts/list-card";
import { EndpointDialog } from "./endpoint-dialog";
import { EndpointStanding } from "./standing";

const route = getRouteApi("/inside/settings/$section");

const columns: ColumnDef<Schema<"WebhookEndpoint">>[] = [
  {
    header: "Endpoint",
    cell: ({ row: { original: one } }) => (
      <span className="flex flex-col">
        <Link
          to="/settings/$section"
          params={{ section: "webhooks" }}
          search={{ endpoint_id: one.id }}
          className="font-medium break-all hover:underline"
        >
          {one.url}
        </Link>
        {one.description && <span className="text-xs text-muted">{one.description}</span>}
      </span>
    ),
  },
  { header: "Status", cell: ({ row }) => <EndpointStanding of={row.original} /> },
  {
    header: "Hears of",
    cell: ({ row: { original: one } }) =>
      one.types.length === 0 ? "Everything" : plural(one.types.length, "type of event", "types of events"),
    meta: { wideOnly: true },
  },
  { header: "Made", cell: ({ row }) => <Time at={row.original.created_at} />, meta: { wideOnly: true } },
];

/** Addresses of one's own systems that are told what happens. */
export function Endpoints() {
  const navigate = route.useNavigate();
  const [isMaking, setMaking] = useState(false);
  const endpoints = usePages([keys.settings, "endpoints"], () => data(api.GET("/api/webhook-endpoints")));
  const open = (id: string) => void navigate({ search: { endpoint_id: id } });
  const make = (
    <Button look="primary" icon={<Plus />} onClick={() => setMaking(true)}>
      New endpoint
    </Button>
  );
  return (
    <>
      <ListCard
        title="Webhook endpoints"
        actions={endpoints.rows.length > 0 && make}
        pages={endpoints}
        columns={columns}
        rowId={(one) => one.id}
        onOpen={(one) => open(one.id)}
        empty={
          <EmptyState icon={Webhook} title="No endpoint yet" action={make}>
            Give an address of yours, and it is told of calls, leads and campaigns as they change. Deliveries
            are signed.
          </EmptyState>
        }
      />
      {isMaking && <EndpointDialog onClose={() => setMaking(false)} onSaved={({ id }) => open(id)} />}
    </>
  );
}
