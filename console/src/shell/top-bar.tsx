import { useQuery } from "@tanstack/react-query";
import { FlaskConical, Keyboard, Search } from "lucide-react";
import { setupQuery } from "@/api/setup";
import { Badge } from "@/ui/badge";
import { IconButton } from "@/ui/icon-button";
import { Kbd } from "@/ui/kbd";
import { Brand } from "./brand";
import { ConnectionBadge } from "./connection-badge";
import { ThemeMenu } from "./theme-menu";
import { UserMenu } from "./user-menu";

interface TopBarProps {
  onPalette: () => void;
  onShortcuts: () => void;
}

export function TopBar({ onPalette, onShortcuts }: TopBarProps) {
  const { data: setup } = useQuery(setupQuery);
  return (
    <header className="flex h-12 shrink-0 items-center gap-2 border-b border-line bg-surface px-3 md:px-4">
      <div className="md:hidden">
        <Brand />
      </div>
      <button
        type="button"
        onClick={onPalette}
        className="hidden h-8 w-72 items-center gap-2 rounded-md border border-line bg-ground px-2.5 text-muted hover:bg-hover md:flex"
      >
        <Search aria-hidden className="size-3.5" />
        <span className="flex-1 text-left">Go to…</span>
        <Kbd keys="mod+k" />
      </button>
      <div className="ml-auto flex items-center gap-1.5">
        {setup?.simulated && (
          <Badge icon={FlaskConical} tone="accent" className="max-md:hidden">
            Simulated calls
          </Badge>
        )}
        <ConnectionBadge />
        <IconButton label="Go to…" icon={<Search />} onClick={onPalette} className="md:hidden" />
        <IconButton
          label="Shortcuts"
          keys="?"
          icon={<Keyboard />}
          onClick={onShortcuts}
          className="max-md:hidden"
        />
        <ThemeMenu />
        <UserMenu />
      </div>
    </header>
  );
}
