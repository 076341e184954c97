import { useMutation, useQueryClient } from "@tanstack/react-query";
import { toast } from "sonner";
import { audioKey, uploadAudio } from "@/api/audio";
import { fieldError } from "@/api/problem";
import { Field } from "@/ui/field";
import { Input } from "@/ui/input";
import { FormDialog } from "../parts/form-dialog";

/** Takes a file and a name for it. */
export function UploadDialog({ onClose }: { onClose: () => void }) {
  const queryClient = useQueryClient();
  const upload = useMutation({
    mutationFn: uploadAudio,
    meta: { quiet: true },
    onSuccess: ({ name }) => {
      toast.success(`Campaigns may play “${name}” now`);
      void queryClient.invalidateQueries({ queryKey: audioKey });
      onClose();
    },
  });
  return (
    <FormDialog
      title="Upload an audio file"
      description="Campaigns play it to those who are called, instead of speaking a text."
      submit="Upload file"
      busy={upload.isPending}
      error={upload.error}
      onSubmit={(event) => upload.mutate(new FormData(event.currentTarget))}
      onClose={onClose}
    >
      <Field label="Name" hint="As on your disk when left out." error={fieldError(upload.error, "name")}>
        <Input name="name" maxLength={200} autoComplete="off" />
      </Field>
      <Field
        label="File"
        required
        hint="Wav or mp3, at most 20 MiB and ten minutes."
        error={fieldError(upload.error, "file")}
      >
        <Input name="file" type="file" accept=".wav,.mp3,audio/wav,audio/mpeg" required />
      </Field>
    </FormDialog>
  );
}
