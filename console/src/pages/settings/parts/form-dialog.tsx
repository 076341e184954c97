import { type FormEvent, type ReactNode, useId } from "react";
import { Dialog } from "@/ui/dialog";
import { ErrorBox } from "@/ui/error-box";
import { FormFooter } from "@/ui/form-footer";

interface FormDialogProps {
  title: string;
  description?: ReactNode;
  /** The verb: "Invite". */
  submit: string;
  busy: boolean;
  error: unknown;
  onSubmit: (event: FormEvent<HTMLFormElement>) => void;
  onClose: () => void;
  children: ReactNode;
}

/** A few fields over the page. It stays open until what was sent is taken. */
export function FormDialog(props: FormDialogProps) {
  const { title, description, submit, busy, error, onSubmit, onClose, children } = props;
  const id = useId();
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={title}
      description={description}
      footer={
        <FormFooter form={id} onCancel={onClose} cancelable={!busy} busy={busy}>
          {submit}
        </FormFooter>
      }
    >
      <form
        id={id}
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit(event);
        }}
      >
        {error ? <ErrorBox error={error} /> : null}
        {children}
      </form>
    </Dialog>
  );
}
