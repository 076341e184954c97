import { CircleAlert, CircleCheck, Info, type LucideIcon, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { cx } from "./cx";
import { type Tone, toneText } from "./tone";

const ICONS: Record<Tone, LucideIcon> = {
  neutral: Info,
  accent: Info,
  ok: CircleCheck,
  warn: TriangleAlert,
  bad: CircleAlert,
};

const GROUNDS: Record<Tone, string> = {
  neutral: "border-line bg-sunken",
  accent: "border-accent bg-accent-soft",
  ok: "border-ok bg-ok-soft",
  warn: "border-warn bg-warn-soft",
  bad: "border-bad bg-bad-soft",
};

interface CalloutProps {
  tone?: Tone;
  title?: ReactNode;
  children?: ReactNode;
  action?: ReactNode;
}

/** Something to know before going on. */
export function Callout({ tone = "neutral", title, children, action }: CalloutProps) {
  const Icon = ICONS[tone];
  return (
    <div className={cx("flex items-start gap-3 rounded-lg border px-4 py-3", GROUNDS[tone])}>
      <Icon aria-hidden className={cx("mt-0.5 size-4 shrink-0", toneText[tone])} />
      <div className="min-w-0 flex-1">
        {title && <p className="font-medium">{title}</p>}
        {children && <div className="text-muted">{children}</div>}
      </div>
      {action}
    </div>
  );
}

/** The same across the whole page, above everything. */
export function Banner({ tone = "warn", children, action }: Omit<CalloutProps, "title">) {
  const Icon = ICONS[tone];
  return (
    <div role="status" className={cx("flex items-center gap-2 border-b px-4 py-1.5 text-xs", GROUNDS[tone])}>
      <Icon aria-hidden className={cx("size-3.5 shrink-0", toneText[tone])} />
      <span className="min-w-0 flex-1">{children}</span>
      {action}
    </div>
  );
}
