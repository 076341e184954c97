import { useMutation } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { api, data } from "@/api/client";
import { localZone } from "@/format/time";
import { useZone } from "@/format/use-zone";
import { serverNow } from "@/live/browser";
import { Button } from "@/ui/button";
import { saveFile } from "@/ui/save-file";
import { Tooltip } from "@/ui/tooltip";
import { dayOf } from "@/url/days";
import type { Filter } from "./search";

/** Saves the calls that are listed, all pages of them. */
export function ExportButton({ filter }: { filter: Filter }) {
  const { zone } = useZone();
  const download = useMutation({
    mutationFn: () =>
      data(
        api.GET("/api/calls/export.csv", {
          params: { query: { ...filter, time_zone: zone === "utc" ? "UTC" : localZone() } },
          parseAs: "blob",
        }),
      ),
    onSuccess: (file) => saveFile(file as Blob, `calls-${dayOf(new Date(serverNow()), zone)}.csv`),
  });
  return (
    <Tooltip text="All calls of this list, the oldest first. Exports are written into the audit log.">
      <Button icon={<Download />} busy={download.isPending} onClick={() => download.mutate()}>
        Export CSV
      </Button>
    </Tooltip>
  );
}
