import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useBlocker, useNavigate } from "@tanstack/react-router";
import { SearchCheck, Upload } from "lucide-react";
import { useRef, useState } from "react";
import { keys } from "@/api/keys";
import { useOnceKey } from "@/api/once-key";
import { bytesText } from "@/format/bytes";
import { Button } from "@/ui/button";
import { ConfirmDialog } from "@/ui/confirm-dialog";
import { ErrorBox } from "@/ui/error-box";
import { Progress } from "@/ui/progress";
import { keepDryRun } from "../dry-run";
import { upload } from "../upload";
import type { Source, Wizard } from "./use-wizard";

/** Sends the file: to be checked only, or to be imported. */
export function SendBar({ wizard, source, lacks }: { wizard: Wizard; source: Source; lacks?: string }) {
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const onceKey = useOnceKey();
  const stop = useRef<AbortController>(null);
  const [share, setShare] = useState(0);
  const { file } = source;

  const sending = useMutation({
    mutationFn: (dryRun: boolean) => {
      const terms = wizard.terms(dryRun);
      const { name, size, lastModified } = file;
      stop.current = new AbortController();
      setShare(0);
      return upload(file, terms, {
        onceKey: onceKey([name, size, lastModified, terms]),
        onProgress: setShare,
        signal: stop.current.signal,
      });
    },
    meta: { quiet: true },
    onSuccess: ({ id }, dryRun) => {
      if (dryRun) keepDryRun({ importId: id, file, targets: wizard.targets, terms: wizard.terms(true) });
      void queryClient.invalidateQueries({ queryKey: [keys.imports] });
      void navigate({ to: "/imports/$importId", params: { importId: id }, ignoreBlocker: true });
    },
  });
  const leaving = useBlocker({
    shouldBlockFn: () => sending.isPending,
    enableBeforeUnload: () => sending.isPending,
    withResolver: true,
  });
  const wasStopped = sending.error instanceof DOMException && sending.error.name === "AbortError";

  return (
    <div className="sticky bottom-0 z-20 -mx-4 -mb-4 flex flex-col gap-3 border-t border-line bg-surface px-4 py-3 md:-mx-6 md:-mb-6 md:px-6">
      {sending.error && !wasStopped && <ErrorBox error={sending.error} title="The file was not taken" />}
      {sending.isPending ? (
        <div className="flex items-end gap-4">
          <div className="flex-1">
            <Progress
              label={share < 1 ? `Uploading ${file.name}` : "Arrived, the server looks at it"}
              percent={share < 1 ? share * 100 : undefined}
              detail={`${bytesText(share * file.size)} of ${bytesText(file.size)}`}
            />
          </div>
          <Button size="small" onClick={() => stop.current?.abort()}>
            Cancel
          </Button>
        </div>
      ) : (
        <div className="flex flex-wrap items-center justify-end gap-2">
          {lacks && <p className="mr-auto text-muted">{lacks}</p>}
          <Button icon={<SearchCheck />} disabled={lacks !== undefined} onClick={() => sending.mutate(true)}>
            Check all rows first
          </Button>
          <Button
            look="primary"
            icon={<Upload />}
            disabled={lacks !== undefined}
            onClick={() => sending.mutate(false)}
          >
            Import leads
          </Button>
        </div>
      )}
      <ConfirmDialog
        open={leaving.status === "blocked"}
        onOpenChange={(open) => !open && leaving.reset?.()}
        title={`Stop uploading ${file.name}?`}
        confirm="Stop and leave"
        danger
        onConfirm={async () => {
          stop.current?.abort();
          leaving.proceed?.();
        }}
      >
        The file has not arrived yet. Once it has, the import goes on without this page.
      </ConfirmDialog>
    </div>
  );
}
