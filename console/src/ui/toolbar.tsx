import type { ReactNode } from "react";

/** Search and filters above a list; `end` stands at the right. */
export function Toolbar({
  children,
  end,
  label = "Filters",
}: {
  children?: ReactNode;
  end?: ReactNode;
  label?: string;
}) {
  return (
    <search aria-label={label} className="flex flex-wrap items-center gap-2">
      {children}
      {end && <div className="ml-auto flex flex-wrap items-center gap-2">{end}</div>}
    </search>
  );
}
