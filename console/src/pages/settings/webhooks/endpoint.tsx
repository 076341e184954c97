import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { ArrowLeft, Pencil, Send, Trash2 } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import { api, data, ifMatch, once, versioned } from "@/api/client";
import { keys } from "@/api/keys";
import { useOnceKey } from "@/api/once-key";
import { uniqueWord } from "@/format/unique";
import { Button } from "@/ui/button";
import { Callout } from "@/ui/callout";
import { Card } from "@/ui/card";
import { ConfirmDialog } from "@/ui/confirm-dialog";
import { CopyId } from "@/ui/copy-id";
import { ErrorBox } from "@/ui/error-box";
import { Fact, Facts } from "@/ui/facts";
import { SkeletonLines } from "@/ui/skeleton";
import { Switch } from "@/ui/switch";
import { Time } from "@/ui/time";
import { Deliveries } from "./deliveries";
import { EndpointDialog } from "./endpoint-dialog";
import { Secret } from "./secret";
import { EndpointStanding } from "./standing";

const route = getRouteApi("/inside/settings/$section");

/** One endpoint: how it stands, its secret, and what was sent to it. */
export function Endpoint({ id }: { id: string }) {
  const queryClient = useQueryClient();
  const navigate = route.useNavigate();
  const key = useOnceKey();
  const [doing, setDoing] = useState<"edit" | "delete" | null>(null);
  const path = { endpoint_id: id };
  const query = useQuery({
    queryKey: [keys.settings, "endpoint", id],
    queryFn: () => versioned(api.GET("/api/webhook-endpoints/{endpoint_id}", { params: { path } })),
  });
  const refresh = () => queryClient.invalidateQueries({ queryKey: [keys.settings] });
  const header = ifMatch(query.data?.etag ?? null);

  const toggle = useMutation({
    mutationFn: (enabled: boolean) =>
      data(api.PUT("/api/webhook-endpoints/{endpoint_id}", { params: { path, header }, body: { enabled } })),
    onSettled: refresh,
  });
  const test = useMutation({
    mutationFn: () =>
      data(
        api.POST("/api/webhook-endpoints/{endpoint_id}/test", {
          params: { path, header: once(key(uniqueWord())) },
        }),
      ),
    onSuccess: () => {
      toast.success("A test event is on its way", { description: "It appears among the deliveries." });
      void refresh();
    },
  });
  const remove = useMutation({
    mutationFn: () => data(api.DELETE("/api/webhook-endpoints/{endpoint_id}", { params: { path, header } })),
    meta: { quiet: true },
    onSuccess: () => {
      void navigate({ search: {} });
      void queryClient.invalidateQueries({ queryKey: [keys.settings, "endpoints"] });
    },
  });

  const back = (
    <div>
      <Button look="quiet" icon={<ArrowLeft />} onClick={() => void navigate({ search: {} })}>
        All endpoints
      </Button>
    </div>
  );
  if (query.isError) {
    return (
      <>
        {back}
        <ErrorBox error={query.error} onRetry={() => void query.refetch()} />
      </>
    );
  }
  if (!query.data) {
    return (
      <Card>
        <SkeletonLines />
      </Card>
    );
  }
  const endpoint = query.data.data;
  return (
    <>
      {back}
      {endpoint.disabled_because && (
        <Callout
          tone="bad"
          title="It was switched off"
          action={
            <Button size="small" busy={toggle.isPending} onClick={() => toggle.mutate(true)}>
              Switch on again
            </Button>
          }
        >
          {endpoint.disabled_because === "gone"
            ? "It answered that it is gone for good (410)."
            : "Every attempt failed for three days."}{" "}
          Events wait for it, as long as they are kept.
        </Callout>
      )}
      <Card
        title="Endpoint"
        actions={
          <>
            <Button size="small" icon={<Send />} busy={test.isPending} onClick={() => test.mutate()}>
              Test
            </Button>
            <Button size="small" icon={<Pencil />} onClick={() => setDoing("edit")}>
              Change
            </Button>
            <Button size="small" icon={<Trash2 />} onClick={() => setDoing("delete")}>
              Delete
            </Button>
          </>
        }
      >
        <Facts>
          <Fact label="Address">
            <span className="break-all">{endpoint.url}</span>
          </Fact>
          {endpoint.description && <Fact label="Description">{endpoint.description}</Fact>}
          <Fact label="Status">
            <EndpointStanding of={endpoint} />
            {endpoint.failing_since && (
              <span className="ml-2 text-xs text-muted">
                every attempt has failed since <Time at={endpoint.failing_since} />
              </span>
            )}
          </Fact>
          <Fact label="Hears of">
            {endpoint.types.length === 0 ? (
              "Everything"
            ) : (
              <span className="font-mono text-xs">{endpoint.types.join(", ")}</span>
            )}
          </Fact>
          <Fact label="Id">
            <CopyId id={endpoint.id} />
          </Fact>
        </Facts>
        <div className="mt-4 border-t border-line pt-4">
          <Switch
            checked={endpoint.enabled}
            disabled={toggle.isPending}
            onChange={(enabled) => toggle.mutate(enabled)}
            label="Send events to it"
            hint="While it is off they wait, as long as events are kept."
          />
        </div>
      </Card>
      <Secret endpointId={id} />
      <Deliveries endpointId={id} />
      {doing === "edit" && <EndpointDialog was={query.data} onClose={() => setDoing(null)} />}
      <ConfirmDialog
        open={doing === "delete"}
        onOpenChange={(open) => !open && setDoing(null)}
        title={`Delete ${endpoint.url}?`}
        confirm="Delete endpoint"
        danger
        onConfirm={() => remove.mutateAsync()}
      >
        Its deliveries go with it. What happens from then on is not sent there.
      </ConfirmDialog>
    </>
  );
}
