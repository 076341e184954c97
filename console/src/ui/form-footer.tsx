import type { ReactNode } from "react";
import { Button } from "./button";

interface FormFooterProps {
  /** The id of the form over it. */
  form: string;
  onCancel: () => void;
  cancelable?: boolean;
  busy: boolean;
  disabled?: boolean;
  look?: "primary" | "danger";
  /** The verb: "Add lead". */
  children: ReactNode;
}

/** Below a form in a dialog: away from it, or send it. */
export function FormFooter(props: FormFooterProps) {
  const { form, onCancel, cancelable = true, busy, disabled, look = "primary", children } = props;
  return (
    <>
      <Button onClick={onCancel} disabled={!cancelable}>
        Cancel
      </Button>
      <Button type="submit" form={form} look={look} busy={busy} disabled={disabled}>
        {children}
      </Button>
    </>
  );
}
