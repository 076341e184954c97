import { Tooltip as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { Kbd } from "./kbd";

interface TooltipProps {
  text: ReactNode;
  keys?: string;
  side?: "top" | "bottom" | "left" | "right";
  /** One element that can be focused, so that the words can be had without a mouse. */
  children: ReactNode;
}

export function Tooltip({ text, keys, side = "top", children }: TooltipProps) {
  return (
    <Radix.Root>
      <Radix.Trigger asChild>{children}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          side={side}
          sideOffset={6}
          collisionPadding={8}
          className="appear z-50 flex max-w-72 items-center gap-2 rounded-md bg-text px-2 py-1 text-xs text-ground shadow-float"
        >
          {text}
          {keys && <Kbd keys={keys} onDark />}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** Once, around everything. */
export const TooltipProvider = Radix.Provider;
