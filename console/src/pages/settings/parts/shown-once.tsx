import type { ReactNode } from "react";
import { Button } from "@/ui/button";
import { CopyButton } from "@/ui/copy-button";
import { Dialog } from "@/ui/dialog";
import { Field } from "@/ui/field";
import { Input } from "@/ui/input";

interface ShownOnceProps {
  title: string;
  description: ReactNode;
  label: string;
  /** A secret, or a link with one in it. */
  value: string;
  /** Below the value: until when it is good. */
  hint?: ReactNode;
  onClose: () => void;
}

/** A secret to be copied and passed on. */
export function ShownOnce({ title, description, label, value, hint, onClose }: ShownOnceProps) {
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={title}
      description={description}
      footer={
        <>
          <CopyButton text={value} look="primary" />
          <Button onClick={onClose}>Done</Button>
        </>
      }
    >
      <Field label={label} hint={hint}>
        <Input
          readOnly
          value={value}
          className="font-mono text-xs"
          onFocus={(event) => event.currentTarget.select()}
        />
      </Field>
    </Dialog>
  );
}
