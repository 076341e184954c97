import type { ComponentProps, ReactNode } from "react";
import { controlClass } from "./control-class";
import { cx } from "./cx";
import { useField } from "./field";

interface InputProps extends ComponentProps<"input"> {
  /** Shown inside, at the left. */
  icon?: ReactNode;
}

export function Input({ icon, className, ...rest }: InputProps) {
  const attributes = useField(rest);
  if (!icon) return <input className={cx(controlClass, "h-8 w-full", className)} {...attributes} />;
  return (
    <span className={cx("relative block", className)}>
      <span
        aria-hidden
        className="pointer-events-none absolute inset-y-0 left-2.5 flex items-center text-faint [&_svg]:size-3.5"
      >
        {icon}
      </span>
      <input className={cx(controlClass, "h-8 w-full pl-8")} {...attributes} />
    </span>
  );
}
