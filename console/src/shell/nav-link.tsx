import { Link } from "@tanstack/react-router";
import type { NavItem } from "./nav";

interface NavLinkProps {
  item: NavItem;
  className: string;
  onClick?: () => void;
}

export function NavLink({ item: { to, label, icon: Icon }, className, onClick }: NavLinkProps) {
  return (
    <Link
      to={to}
      onClick={onClick}
      activeOptions={{ exact: to === "/", includeSearch: false }}
      activeProps={{ "aria-current": "page" }}
      className={className}
    >
      <Icon aria-hidden className="size-4 shrink-0" />
      {label}
    </Link>
  );
}
