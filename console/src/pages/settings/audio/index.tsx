import { useMutation, useQueryClient } from "@tanstack/react-query";
import { AudioLines, Plus } from "lucide-react";
import { useState } from "react";
import { type AudioFile, audioKey } from "@/api/audio";
import { api, data } from "@/api/client";
import { usePages } from "@/api/pages";
import { bytesText } from "@/format/bytes";
import { wordDuration } from "@/format/duration";
import { Button } from "@/ui/button";
import { ConfirmDialog } from "@/ui/confirm-dialog";
import type { ColumnDef } from "@/ui/data-table";
import { EmptyState } from "@/ui/empty-state";
import { Time } from "@/ui/time";
import { ListCard } from "../parts/list-card";
import { Player } from "./player";
import { UploadDialog } from "./upload-dialog";

export default function Audio() {
  const queryClient = useQueryClient();
  const [isUploading, setUploading] = useState(false);
  const [deleting, setDeleting] = useState<AudioFile | null>(null);
  const files = usePages([...audioKey, "list"], (cursor) =>
    data(api.GET("/api/audio", { params: { query: { cursor } } })),
  );
  const remove = useMutation({
    mutationFn: (id: string) =>
      data(api.DELETE("/api/audio/{audio_id}", { params: { path: { audio_id: id } } })),
    meta: { quiet: true },
    onSuccess: () => void queryClient.invalidateQueries({ queryKey: audioKey }),
  });
  const columns: ColumnDef<AudioFile>[] = [
    {
      header: "Name",
      cell: ({ row: { original: file } }) => (
        <>
          {file.name}
          <span className="block text-xs text-muted">
            {wordDuration(file.duration_ms / 1000)} · {file.format} · {bytesText(file.bytes)}
          </span>
        </>
      ),
    },
    { header: "Added", cell: ({ row }) => <Time at={row.original.created_at} />, meta: { wideOnly: true } },
    {
      id: "listen",
      header: () => <span className="sr-only">Listen</span>,
      cell: ({ row: { original: file } }) => <Player id={file.id} name={file.name} />,
    },
    {
      id: "delete",
      header: () => <span className="sr-only">Delete</span>,
      meta: { align: "right" },
      cell: ({ row }) => (
        <Button size="small" onClick={() => setDeleting(row.original)}>
          Delete
        </Button>
      ),
    },
  ];
  const upload = (
    <Button look="primary" icon={<Plus />} onClick={() => setUploading(true)}>
      Upload a file
    </Button>
  );
  return (
    <>
      <ListCard
        title="Audio files that campaigns may play"
        actions={files.rows.length > 0 && upload}
        pages={files}
        columns={columns}
        rowId={(file) => file.id}
        empty={
          <EmptyState icon={AudioLines} title="No audio file yet" action={upload}>
            Campaigns speak their texts. With a file they play your own voice instead: to a machine, as the
            opening, as the apology, or as the notice of the recording.
          </EmptyState>
        }
      />
      {isUploading && <UploadDialog onClose={() => setUploading(false)} />}
      <ConfirmDialog
        open={deleting !== null}
        onOpenChange={(open) => !open && setDeleting(null)}
        title={`Delete “${deleting?.name ?? ""}”?`}
        confirm="Delete file"
        danger
        onConfirm={async () => deleting && remove.mutateAsync(deleting.id)}
      >
        This cannot be undone. A file that a campaign plays is kept until the campaign plays another.
      </ConfirmDialog>
    </>
  );
}
