import type { ReactNode } from "react";
import { cx } from "./cx";

/** The frame of a page: its rhythm and its width. `narrow` for forms. */
export function Page({ narrow = false, children }: { narrow?: boolean; children: ReactNode }) {
  return (
    <div
      className={cx("mx-auto flex w-full flex-col gap-4 p-4 md:p-6", narrow ? "max-w-3xl" : "max-w-[110rem]")}
    >
      {children}
    </div>
  );
}
