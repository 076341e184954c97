import type { ReactNode } from "react";

/** The numbers of a chart once more, for whoever reads them rather than looks at them: a head and rows. */
export function AsTable({ label, children }: { label: string; children: ReactNode }) {
  return (
    <details className="mt-2 text-xs">
      <summary className="inline-flex min-h-6 cursor-pointer items-center text-muted">
        Show as a table
      </summary>
      <div className="mt-1 max-h-64 overflow-auto rounded border border-line">
        <table className="w-full">
          <caption className="sr-only">{label}</caption>
          {children}
        </table>
      </div>
    </details>
  );
}
