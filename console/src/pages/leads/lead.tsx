import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { Ellipsis, Eraser, Pencil, ShieldOff, Trash2, UserX } from "lucide-react";
import { useState } from "react";
import { campaignNamesQuery } from "@/api/campaign-names";
import { asProblem } from "@/api/problem";
import { useShortcuts } from "@/shortcuts/use-shortcuts";
import { Button } from "@/ui/button";
import { Callout } from "@/ui/callout";
import { ConfirmDialog } from "@/ui/confirm-dialog";
import { DropdownMenu, MenuItem } from "@/ui/dropdown-menu";
import { EmptyState } from "@/ui/empty-state";
import { ErrorBox } from "@/ui/error-box";
import { IconButton } from "@/ui/icon-button";
import { Page } from "@/ui/page";
import { PageHeader } from "@/ui/page-header";
import { SkeletonLines } from "@/ui/skeleton";
import { WordBadge } from "@/ui/word-badge";
import { CallsCard } from "./calls-card";
import { DncDialog } from "./dnc-dialog";
import { EditDialog } from "./edit-dialog";
import { EraseDialog } from "./erase-dialog";
import { ExplainCard } from "./explain-card";
import { leadQuery } from "./lead-query";
import { isErased, nameOf } from "./name";
import { PersonCard } from "./person-card";
import { useRemoval } from "./use-removal";

const route = getRouteApi("/inside/leads/$leadId");
const crumbs = [{ label: "Leads", to: "/leads" }] as const;

export default function LeadPage() {
  const { leadId } = route.useParams();
  const navigate = route.useNavigate();
  const { data: versioned, error, refetch } = useQuery(leadQuery(leadId));
  const { data: campaigns } = useQuery(campaignNamesQuery);
  const [open, setOpen] = useState<"edit" | "dnc" | "delete" | "erase" | null>(null);
  const lead = versioned?.data;
  const name = lead ? nameOf(lead) : "Lead";
  const removal = useRemoval(leadId, { erase: false, done: `${name} is deleted` });
  const isKnown = lead !== undefined && !isErased(lead);
  useShortcuts(
    [{ keys: "e", label: "Edit this lead", group: "This page", run: () => setOpen("edit") }],
    isKnown,
  );

  if (!lead) {
    return (
      <Page>
        <PageHeader title="Lead" crumbs={crumbs} />
        {error === null ? (
          <SkeletonLines />
        ) : asProblem(error).status === 404 ? (
          <EmptyState
            icon={UserX}
            title="There is no such lead"
            action={
              <Button asChild>
                <Link to="/leads">All leads</Link>
              </Button>
            }
          >
            It may have been deleted.
          </EmptyState>
        ) : (
          <ErrorBox error={error} onRetry={() => void refetch()} />
        )}
      </Page>
    );
  }

  const campaign = campaigns?.find(({ id }) => id === lead.campaign_id);
  const close = () => setOpen(null);
  return (
    <Page>
      <PageHeader
        title={name}
        crumbs={crumbs}
        badges={<WordBadge set="lead" word={lead.status} />}
        description={
          <>
            In{" "}
            <Link
              to="/campaigns/$campaignId"
              params={{ campaignId: lead.campaign_id }}
              className="underline underline-offset-3 hover:text-text"
            >
              {campaign?.name ?? "its campaign"}
            </Link>
          </>
        }
        actions={
          <>
            {isKnown && lead.status !== "do_not_call" && (
              <Button icon={<ShieldOff />} onClick={() => setOpen("dnc")}>
                Put on do-not-call
              </Button>
            )}
            {isKnown && (
              <Button icon={<Pencil />} onClick={() => setOpen("edit")}>
                Edit
              </Button>
            )}
            <DropdownMenu trigger={<IconButton label="More" icon={<Ellipsis />} />}>
              <MenuItem icon={<Trash2 />} danger onSelect={() => setOpen("delete")}>
                Delete the lead
              </MenuItem>
              {isKnown && (
                <MenuItem icon={<Eraser />} danger onSelect={() => setOpen("erase")}>
                  Erase the person
                </MenuItem>
              )}
            </DropdownMenu>
          </>
        }
      />
      {!isKnown && (
        <Callout title="This person was erased">
          Nothing is known of it any more. Its calls are kept without a name or a number, and the number is
          never called again.
        </Callout>
      )}
      <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_22rem]">
        <div className="flex min-w-0 flex-col gap-4">
          <ExplainCard lead={lead} onEdit={() => setOpen("edit")} />
          <CallsCard leadId={lead.id} />
        </div>
        <PersonCard lead={lead} maxAttempts={campaign?.cadence.max_attempts ?? undefined} />
      </div>
      {open === "edit" && <EditDialog lead={versioned} onClose={close} />}
      {open === "dnc" && lead.phone && <DncDialog phone={lead.phone} onClose={close} />}
      {open === "erase" && <EraseDialog leadId={lead.id} name={name} onClose={close} />}
      <ConfirmDialog
        open={open === "delete"}
        onOpenChange={(isOpen) => !isOpen && close()}
        title={`Delete ${name}?`}
        confirm="Delete lead"
        danger
        onConfirm={async () => {
          await removal.mutateAsync();
          void navigate({ to: "/leads" });
        }}
      >
        All of it goes, as if it had never been there; a file may bring it back. One that was called cannot be
        deleted, but erased: then what happened is kept without a name or a number.
      </ConfirmDialog>
    </Page>
  );
}
