import { Check, Copy } from "lucide-react";
import type { ComponentProps } from "react";
import { Button } from "./button";
import { useCopied } from "./use-copied";

interface CopyButtonProps extends Omit<ComponentProps<typeof Button>, "icon" | "onClick"> {
  text: string | (() => string);
}

export function CopyButton({ text, children = "Copy", ...rest }: CopyButtonProps) {
  const { isCopied, copy } = useCopied();
  return (
    <Button
      icon={isCopied ? <Check /> : <Copy />}
      onClick={() => copy(typeof text === "function" ? text() : text)}
      {...rest}
    >
      <span aria-live="polite">{isCopied ? "Copied" : children}</span>
    </Button>
  );
}
