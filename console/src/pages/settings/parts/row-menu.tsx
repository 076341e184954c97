import { Ellipsis } from "lucide-react";
import type { ReactNode } from "react";
import { DropdownMenu } from "@/ui/dropdown-menu";

/** What can be done with a row: `MenuItem`s. */
export function RowMenu({ of, children }: { of: string; children: ReactNode }) {
  return (
    <DropdownMenu
      trigger={
        <button
          type="button"
          aria-label={`More for ${of}`}
          className="inline-flex size-8 items-center justify-center rounded-md text-muted hover:bg-hover hover:text-text"
        >
          <Ellipsis aria-hidden className="size-4" />
        </button>
      }
    >
      {children}
    </DropdownMenu>
  );
}
