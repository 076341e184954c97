import { AlertDialog as Radix } from "radix-ui";
import { type ReactNode, useState } from "react";
import { Button } from "./button";
import { cx } from "./cx";
import { dialogClass, scrimClass } from "./dialog";
import { ErrorBox } from "./error-box";

interface ConfirmDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** Names the object: "Stop Autumn renewals?". */
  title: string;
  /** What happens, and what cannot be undone. */
  children?: ReactNode;
  /** The verb, never "OK": "Stop campaign". */
  confirm: string;
  danger?: boolean;
  /** Closes the dialog when it succeeds, and shows the problem when not; give `meta: { quiet: true }` to its mutation. */
  onConfirm: () => Promise<unknown>;
}

export function ConfirmDialog({
  open,
  onOpenChange,
  title,
  children,
  confirm,
  danger = false,
  onConfirm,
}: ConfirmDialogProps) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);

  const change = (isOpen: boolean) => {
    setError(null);
    onOpenChange(isOpen);
  };
  const act = async () => {
    setBusy(true);
    setError(null);
    try {
      await onConfirm();
      change(false);
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  };

  return (
    <Radix.Root open={open} onOpenChange={change}>
      <Radix.Portal>
        <Radix.Overlay className={scrimClass} />
        <Radix.Content className={cx(dialogClass, "max-w-md gap-3 p-5")}>
          <Radix.Title className="text-lg font-semibold break-words">{title}</Radix.Title>
          <Radix.Description asChild>
            <div className="text-muted">{children}</div>
          </Radix.Description>
          {error !== null && <ErrorBox error={error} />}
          <div className="mt-2 flex justify-end gap-2">
            <Radix.Cancel asChild>
              <Button disabled={busy}>Cancel</Button>
            </Radix.Cancel>
            <Button look={danger ? "danger" : "primary"} busy={busy} onClick={act}>
              {confirm}
            </Button>
          </div>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
