import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { Braces, ScrollText, X } from "lucide-react";
import { useState } from "react";
import { api, data } from "@/api/client";
import { keys } from "@/api/keys";
import { usePages } from "@/api/pages";
import type { Schema } from "@/api/types";
import { Button } from "@/ui/button";
import { Combobox } from "@/ui/combobox";
import type { ColumnDef } from "@/ui/data-table";
import { Dialog } from "@/ui/dialog";
import { EmptyState } from "@/ui/empty-state";
import { IconButton } from "@/ui/icon-button";
import { JsonView } from "@/ui/json-view";
import { SearchInput } from "@/ui/search-input";
import { Time } from "@/ui/time";
import { Toolbar } from "@/ui/toolbar";
import { ListCard } from "../parts/list-card";
import { actionText } from "./action-text";

type Line = Schema<"AuditLine">;
const route = getRouteApi("/inside/settings/$section");
const ANY = "any";
const MOST = 200;

export default function AuditLog() {
  const { actor, action } = route.useSearch();
  const navigate = route.useNavigate();
  const [shown, setShown] = useState<Line | null>(null);
  const actors = useActors();
  const lines = usePages([keys.settings, "audit", actor, action], (cursor) =>
    data(api.GET("/api/audit-log", { params: { query: { actor, action, cursor } } })),
  );
  const filter = (part: { actor?: string; action?: string }) =>
    void navigate({ search: (was) => ({ ...was, ...part }), replace: true });

  const columns: ColumnDef<Line>[] = [
    { header: "When", cell: ({ row }) => <When at={row.original.at} /> },
    {
      header: "Who",
      cell: ({ row: { original: line } }) => (
        <FilterButton what="who" onClick={() => filter({ actor: line.actor })}>
          {actors.get(line.actor) ?? line.actor}
        </FilterButton>
      ),
    },
    {
      header: "What",
      cell: ({ row: { original: line } }) => (
        <FilterButton what="what" onClick={() => filter({ action: line.action })}>
          {actionText(line.action)}
        </FilterButton>
      ),
    },
    {
      header: "Where",
      cell: ({ row }) => (
        <span className="font-mono text-xs break-all text-muted">{row.original.subject}</span>
      ),
      meta: { wideOnly: true },
    },
    {
      id: "detail",
      header: () => <span className="sr-only">Details</span>,
      meta: { align: "right" },
      cell: ({ row }) => (
        <IconButton label="Details" icon={<Braces />} onClick={() => setShown(row.original)} />
      ),
    },
  ];

  const options = [
    { value: ANY, label: "Anybody" },
    ...[...actors].map(([value, label]) => ({ value, label })),
    ...(actor && !actors.has(actor) ? [{ value: actor, label: actor }] : []),
  ];
  return (
    <>
      <Toolbar>
        <Combobox
          aria-label="Who"
          value={actor ?? ANY}
          options={options}
          onChange={(chosen) => filter({ actor: chosen === ANY ? undefined : chosen })}
          className="w-56"
        />
        <SearchInput
          label="Action"
          placeholder="Action, such as update_campaign"
          value={action ?? ""}
          onSearch={(text) => filter({ action: text.trim().replaceAll(" ", "_").toLowerCase() || undefined })}
          className="w-72"
        />
        {(actor || action) && (
          <Button
            size="small"
            look="quiet"
            icon={<X />}
            onClick={() => filter({ actor: undefined, action: undefined })}
          >
            Clear filters
          </Button>
        )}
      </Toolbar>
      <ListCard
        title="Audit log"
        pages={lines}
        columns={columns}
        rowId={(line) => `${line.at} ${line.actor} ${line.action} ${line.subject}`}
        onOpen={(line) => setShown(line)}
        empty={
          <EmptyState
            icon={ScrollText}
            title="Nothing found"
            action={
              <Button onClick={() => filter({ actor: undefined, action: undefined })}>Show everything</Button>
            }
          >
            Nothing was changed that fits these filters. Actions are matched as a whole: click one in the
            list.
          </EmptyState>
        }
      />
      <Dialog
        open={shown !== null}
        onOpenChange={(open) => !open && setShown(null)}
        title={shown ? actionText(shown.action) : ""}
        description={shown ? (actors.get(shown.actor) ?? shown.actor) : undefined}
        size="wide"
      >
        {shown && (
          <div className="pb-4">
            <JsonView value={shown} />
          </div>
        )}
      </Dialog>
    </>
  );
}

/** To the second where there is room. */
function When({ at }: { at: string }) {
  return (
    <>
      <span className="max-md:hidden">
        <Time at={at} absolute />
      </span>
      <span className="md:hidden">
        <Time at={at} />
      </span>
    </>
  );
}

interface FilterButtonProps {
  what: string;
  onClick: () => void;
  children: string;
}

function FilterButton({ what, onClick, children }: FilterButtonProps) {
  return (
    <button
      type="button"
      title={`Only ${what} this is`}
      onClick={onClick}
      className="min-h-6 text-left break-words hover:underline"
    >
      {children}
    </button>
  );
}

/** The names of those who can have done something, by their ids. */
function useActors(): ReadonlyMap<string, string> {
  const users = useQuery({
    queryKey: [keys.settings, "users", "names"],
    queryFn: () => data(api.GET("/api/users", { params: { query: { limit: MOST } } })),
  });
  const apiKeys = useQuery({
    queryKey: [keys.settings, "api-keys", "names"],
    queryFn: () => data(api.GET("/api/api-keys", { params: { query: { limit: MOST } } })),
  });
  return new Map([
    ...(users.data?.data ?? []).map(({ id, name, email }): [string, string] => [id, name || email]),
    ...(apiKeys.data?.data ?? []).map(({ id, name }): [string, string] => [id, `${name} (API key)`]),
    ["operator", "Operator of the installation"],
  ]);
}
