import type { ComponentProps } from "react";
import { controlClass } from "./control-class";
import { cx } from "./cx";
import { useField } from "./field";

export function Textarea({ className, rows = 4, ...rest }: ComponentProps<"textarea">) {
  return (
    <textarea rows={rows} className={cx(controlClass, "w-full py-1.5", className)} {...useField(rest)} />
  );
}
