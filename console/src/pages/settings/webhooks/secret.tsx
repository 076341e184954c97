import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Eye, EyeOff, RotateCw } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import { api, data, once } from "@/api/client";
import { keys } from "@/api/keys";
import { uniqueWord } from "@/format/unique";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { ConfirmDialog } from "@/ui/confirm-dialog";
import { CopyButton } from "@/ui/copy-button";
import { ErrorBox } from "@/ui/error-box";
import { Skeleton } from "@/ui/skeleton";

/** What deliveries are signed with; read only when it is asked for. */
export function Secret({ endpointId }: { endpointId: string }) {
  const queryClient = useQueryClient();
  const [isShown, setShown] = useState(false);
  const [isAsking, setAsking] = useState(false);
  const path = { endpoint_id: endpointId };
  const key = [keys.settings, "endpoint-secret", endpointId];
  const secret = useQuery({
    queryKey: key,
    queryFn: () => data(api.GET("/api/webhook-endpoints/{endpoint_id}/secret", { params: { path } })),
    enabled: isShown,
    gcTime: 0,
  });
  const rotate = useMutation({
    mutationFn: () =>
      data(
        api.POST("/api/webhook-endpoints/{endpoint_id}/rotate-secret", {
          params: { path, header: once(uniqueWord()) },
        }),
      ),
    meta: { quiet: true },
    onSuccess: () => {
      toast.success("There is a new secret", { description: "For a day deliveries are signed with both." });
      setShown(true);
      // The endpoint has a new version, too.
      void queryClient.invalidateQueries({ queryKey: [keys.settings] });
    },
  });
  return (
    <Card
      title="Secret"
      actions={
        <>
          <Button
            size="small"
            icon={isShown ? <EyeOff /> : <Eye />}
            aria-expanded={isShown}
            onClick={() => setShown(!isShown)}
          >
            {isShown ? "Hide" : "Show"}
          </Button>
          <Button size="small" icon={<RotateCw />} onClick={() => setAsking(true)}>
            Rotate
          </Button>
        </>
      }
    >
      {!isShown ? (
        <p className="text-muted">
          Deliveries are signed with it, as Standard Webhooks specifies. Check the signature before you
          believe what comes.
        </p>
      ) : secret.isError ? (
        <ErrorBox error={secret.error} onRetry={() => void secret.refetch()} />
      ) : secret.data ? (
        <div className="flex flex-wrap items-center gap-2">
          <code className="font-mono text-xs break-all">{secret.data.secret}</code>
          <CopyButton text={secret.data.secret} size="small" />
        </div>
      ) : (
        <Skeleton className="h-5 w-72" />
      )}
      <ConfirmDialog
        open={isAsking}
        onOpenChange={setAsking}
        title="Rotate the secret of this endpoint?"
        confirm="Rotate secret"
        onConfirm={() => rotate.mutateAsync()}
      >
        For a day deliveries are signed with both, so that your system can change over.
      </ConfirmDialog>
    </Card>
  );
}
