import { Menu } from "lucide-react";
import { useState } from "react";
import { Dialog } from "@/ui/dialog";
import type { NavItem } from "./nav";
import { NavLink } from "./nav-link";

const IN_SIGHT = 4;
const itemClass =
  "flex min-h-13 flex-1 flex-col items-center justify-center gap-1 text-[11px] text-muted aria-[current=page]:font-medium aria-[current=page]:text-accent-text";

/** The navigation of narrow screens: the first few in sight, the others behind "More". */
export function BottomNav({ items }: { items: readonly NavItem[] }) {
  const [isOpen, setOpen] = useState(false);
  const rest = items.slice(IN_SIGHT);
  return (
    <nav
      aria-label="Main"
      className="flex shrink-0 border-t border-line bg-surface pb-[env(safe-area-inset-bottom)] md:hidden"
    >
      {items.slice(0, IN_SIGHT).map((item) => (
        <NavLink key={item.to} item={item} className={itemClass} />
      ))}
      {rest.length > 0 && (
        <button type="button" onClick={() => setOpen(true)} className={itemClass}>
          <Menu aria-hidden className="size-4" />
          More
        </button>
      )}
      <Dialog open={isOpen} onOpenChange={setOpen} title="Go to">
        <div className="grid grid-cols-2 gap-1 pb-4">
          {rest.map((item) => (
            <NavLink
              key={item.to}
              item={item}
              onClick={() => setOpen(false)}
              className="flex h-11 items-center gap-2.5 rounded-md px-3 hover:bg-hover aria-[current=page]:bg-hover aria-[current=page]:font-medium"
            />
          ))}
        </div>
      </Dialog>
    </nav>
  );
}
