import type { LucideIcon } from "lucide-react";
import { cx } from "./cx";
import { type Tone, toneClass } from "./tone";

interface BadgeProps {
  icon: LucideIcon;
  tone?: Tone;
  children: string;
  className?: string;
}

/** A word with an icon: its colour never stands alone. */
export function Badge({ icon: Icon, tone = "neutral", children, className }: BadgeProps) {
  return (
    <span
      className={cx(
        "inline-flex h-5 items-center gap-1 rounded px-1.5 text-xs font-medium whitespace-nowrap",
        toneClass[tone],
        className,
      )}
    >
      <Icon aria-hidden className="size-3 shrink-0" />
      {children}
    </span>
  );
}
