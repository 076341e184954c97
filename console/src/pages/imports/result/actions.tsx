import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { CircleStop, Undo2, Users } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import { api, data, once } from "@/api/client";
import { keys } from "@/api/keys";
import { useOnceKey } from "@/api/once-key";
import type { Schema } from "@/api/types";
import { plural } from "@/format/number";
import { Button } from "@/ui/button";
import { ConfirmDialog } from "@/ui/confirm-dialog";

/** What can be done with an import, as it stands. */
export function Actions({ of: one }: { of: Schema<"Import"> }) {
  const [asked, setAsked] = useState<"cancel" | "undo" | null>(null);
  const queryClient = useQueryClient();
  const key = useOnceKey();
  const params = (what: string) => ({
    params: { path: { import_id: one.id }, header: once(key([what, one.id])) },
  });
  const settled = () => queryClient.invalidateQueries({ queryKey: [keys.imports] });
  const cancel = useMutation({
    mutationFn: () => data(api.POST("/api/imports/{import_id}/cancel", params("cancel"))),
    meta: { quiet: true },
    onSuccess: () => {
      toast.success("The import is cancelled");
      return settled();
    },
  });
  const undo = useMutation({
    mutationFn: () => data(api.POST("/api/imports/{import_id}/undo", params("undo"))),
    meta: { quiet: true },
    onSuccess: settled,
  });

  const leads = one.counts.valid + one.counts.do_not_call;
  const canCancel = one.status === "uploading" || one.status === "queued" || one.status === "running";
  const isOver = one.status === "finished" || one.status === "cancelled" || one.status === "failed";
  const canUndo = isOver && !one.dry_run && leads > 0;
  const name = one.file_name || "this file";
  return (
    <>
      {canCancel && (
        <Button icon={<CircleStop />} onClick={() => setAsked("cancel")}>
          Cancel import
        </Button>
      )}
      {canUndo && (
        <Button icon={<Undo2 />} onClick={() => setAsked("undo")}>
          Undo import
        </Button>
      )}
      {one.status === "finished" && !one.dry_run && (
        <Button asChild look="primary">
          <Link to="/leads" search={{ campaign_id: one.campaign_id ?? undefined }}>
            <Users aria-hidden />
            See the leads
          </Link>
        </Button>
      )}
      <ConfirmDialog
        open={asked === "cancel"}
        onOpenChange={(open) => !open && setAsked(null)}
        title={`Cancel the import of ${name}?`}
        confirm="Cancel import"
        danger
        onConfirm={() => cancel.mutateAsync()}
      >
        {one.dry_run
          ? "The rows that are left are not checked."
          : "Leads that are stored already stay. Undo the import afterwards to delete them."}
      </ConfirmDialog>
      <ConfirmDialog
        open={asked === "undo"}
        onOpenChange={(open) => !open && setAsked(null)}
        title={`Undo the import of ${name}?`}
        confirm={`Delete ${plural(leads, "lead")}`}
        danger
        onConfirm={() => undo.mutateAsync()}
      >
        <p>
          {`It deletes the ${plural(leads, "lead")} that came with this file. It is refused once one of them was called.`}
        </p>
        <p className="mt-2">
          What the file changed in leads that were known before stays changed, and numbers that it put on the
          do-not-call list stay there.
        </p>
      </ConfirmDialog>
    </>
  );
}
