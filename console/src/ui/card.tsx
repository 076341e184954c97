import type { ReactNode } from "react";
import { cx } from "./cx";

interface CardProps {
  title?: ReactNode;
  /** What can be done with it, at the right of the title. */
  actions?: ReactNode;
  /** False for content that reaches the edges, such as a table. */
  padded?: boolean;
  className?: string;
  children: ReactNode;
}

export function Card({ title, actions, padded = true, className, children }: CardProps) {
  return (
    <section className={cx("min-w-0 rounded-lg border border-line bg-surface", className)}>
      {(title || actions) && (
        <header className="flex min-h-10 items-center justify-between gap-3 border-b border-line px-4 py-1.5">
          <h2 className="text-sm font-semibold">{title}</h2>
          {actions && <div className="flex items-center gap-1.5">{actions}</div>}
        </header>
      )}
      <div className={cx(padded && "p-4")}>{children}</div>
    </section>
  );
}
