import { Link } from "@tanstack/react-router";
import type { Schema } from "@/api/types";
import { Card } from "@/ui/card";
import { CopyId } from "@/ui/copy-id";
import { type ColumnDef, DataTable } from "@/ui/data-table";
import { Time } from "@/ui/time";
import { Duration } from "@/ui/values";
import type { Names } from "./timeline/names";
import { spaced } from "./timeline/stored";

type Leg = Schema<"Leg">;

/** The telephone connections of a call. */
export function Legs({ legs, names }: { legs: readonly Leg[]; names: Names }) {
  return (
    <Card title="Legs" padded={false}>
      <DataTable label="Legs" columns={columnsOf(names)} rows={legs} rowId={(leg) => leg.leg} />
    </Card>
  );
}

function columnsOf(names: Names): ColumnDef<Leg>[] {
  return [
    {
      header: "Leg",
      cell: ({ row: { original: leg } }) => <LegName leg={leg.leg} names={names} />,
    },
    {
      header: "Came to",
      cell: ({ row: { original: leg } }) => (
        <span className="whitespace-nowrap">{spaced(leg.ending ?? leg.phase)}</span>
      ),
    },
    {
      header: "Asked for",
      cell: ({ row }) => <Time at={row.original.requested_at} absolute />,
      meta: { wideOnly: true },
    },
    {
      header: "Answered",
      cell: ({ row }) => <Time at={row.original.answered_at} absolute />,
      meta: { wideOnly: true },
    },
    {
      header: "Connected",
      cell: ({ row }) => <Duration seconds={row.original.duration_s} clock />,
      meta: { align: "right" },
    },
    {
      header: "Carrier’s id",
      cell: ({ row }) =>
        row.original.sid ? <CopyId id={row.original.sid} /> : <span className="text-faint">–</span>,
    },
  ];
}

function LegName({ leg, names }: { leg: string; names: Names }) {
  const agentId = names.agentId(leg);
  if (agentId === undefined) return leg === "lead" ? "Lead" : leg;
  return (
    <span className="flex flex-col">
      <Link to="/agents/$agentId" params={{ agentId }} className="text-accent-text hover:underline">
        {names.leg(leg)}
      </Link>
      <span className="text-xs text-muted">{leg}</span>
    </span>
  );
}
