import { Link } from "@tanstack/react-router";
import { CircleUser, LogOut, UserCog } from "lucide-react";
import { logout } from "@/auth/logout";
import { useMe } from "@/auth/me";
import { DropdownMenu, MenuItem, MenuLabel, MenuSeparator } from "@/ui/dropdown-menu";
import { IconButton } from "@/ui/icon-button";
import { wordOf } from "@/words/words";

export function UserMenu() {
  const me = useMe();
  return (
    <DropdownMenu trigger={<IconButton label="Your account" icon={<CircleUser />} />}>
      <MenuLabel>
        <span className="block text-sm font-medium text-text">{me.name || me.email}</span>
        {me.name && <span className="block">{me.email}</span>}
        {wordOf("role", me.role).label}
      </MenuLabel>
      <MenuSeparator />
      <MenuItem asChild>
        <Link to="/profile">
          <UserCog aria-hidden />
          Profile
        </Link>
      </MenuItem>
      <MenuItem icon={<LogOut aria-hidden />} onSelect={() => void logout().catch(() => undefined)}>
        Log out
      </MenuItem>
    </DropdownMenu>
  );
}
