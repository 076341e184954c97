/** What text controls have in common. */
export const controlClass =
  "w-full rounded-md border border-control bg-surface px-2.5 text-sm text-text placeholder:text-faint " +
  "hover:border-muted disabled:opacity-60 aria-invalid:border-bad";
