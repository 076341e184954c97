import { Check, Copy } from "lucide-react";
import { type ComponentProps, useEffect, useState } from "react";
import { Button } from "./button";
import { copyText } from "./copy-text";

interface CopyButtonProps extends Omit<ComponentProps<typeof Button>, "icon" | "onClick"> {
  text: string | (() => string);
}

export function CopyButton({ text, children = "Copy", ...rest }: CopyButtonProps) {
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setCopied(false), 1500);
    return () => clearTimeout(timer);
  }, [isCopied]);
  return (
    <Button
      icon={isCopied ? <Check /> : <Copy />}
      onClick={async () => setCopied(await copyText(typeof text === "function" ? text() : text))}
      {...rest}
    >
      <span aria-live="polite">{isCopied ? "Copied" : children}</span>
    </Button>
  );
}
