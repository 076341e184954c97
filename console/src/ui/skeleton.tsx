import { cx } from "./cx";

/** The shape of what is being read. */
export function Skeleton({ className }: { className?: string }) {
  return (
    <span aria-hidden className={cx("block animate-pulse rounded bg-hover", className ?? "h-4 w-full")} />
  );
}

const LINES = ["w-11/12", "w-4/5", "w-full", "w-2/3", "w-5/6"];

/** A paragraph of it, with words for screen readers. */
export function SkeletonLines({ lines = 4 }: { lines?: number }) {
  return (
    <div role="status" className="flex flex-col gap-2.5">
      <span className="sr-only">Loading</span>
      {LINES.slice(0, lines).map((width) => (
        <Skeleton key={width} className={cx("h-4", width)} />
      ))}
    </div>
  );
}
