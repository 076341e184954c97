import { useMutation } from "@tanstack/react-query";
import { FileDown } from "lucide-react";
import { api, data } from "@/api/client";
import { Button } from "@/ui/button";
import { saveFile } from "@/ui/save-file";

/** Downloads a list of one lead with every column that has a meaning. */
export function TemplateButton() {
  const download = useMutation({
    mutationFn: () => data(api.GET("/api/leads/template/csv", { parseAs: "blob" })),
    onSuccess: (csv: Blob) => saveFile(csv, "leads.csv"),
  });
  return (
    <Button icon={<FileDown />} busy={download.isPending} onClick={() => download.mutate()}>
      Download a template
    </Button>
  );
}
