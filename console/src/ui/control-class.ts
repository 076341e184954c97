/** What text controls have in common. They fill their place unless a class, such as `w-44`, says otherwise. */
export const controlClass =
  "[:where(&)]:w-full rounded-md border border-control bg-surface px-2.5 text-sm text-text placeholder:text-faint " +
  "hover:border-muted disabled:opacity-60 aria-invalid:border-bad";
