import { Brand } from "./brand";
import type { NavItem } from "./nav";
import { NavLink } from "./nav-link";

/** The navigation of wide screens. */
export function SideNav({ items }: { items: readonly NavItem[] }) {
  return (
    <aside className="hidden w-52 shrink-0 flex-col border-r border-line bg-sunken md:flex">
      <div className="flex h-12 items-center px-4">
        <Brand />
      </div>
      <nav aria-label="Main" className="flex flex-col gap-0.5 overflow-y-auto px-2 py-1">
        {items.map((item) => (
          <NavLink
            key={item.to}
            item={item}
            className="flex h-8 items-center gap-2.5 rounded-md px-2 text-muted hover:bg-hover hover:text-text aria-[current=page]:bg-hover aria-[current=page]:font-medium aria-[current=page]:text-text"
          />
        ))}
      </nav>
    </aside>
  );
}
