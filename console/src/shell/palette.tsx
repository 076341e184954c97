import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Command } from "cmdk";
import { FilePlus, LogOut, Megaphone, Moon, Sun, Upload, UserCog } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { api, data } from "@/api/client";
import { keys } from "@/api/keys";
import { logout } from "@/auth/logout";
import { useMay } from "@/auth/me";
import { chooseTheme, useTheme } from "@/theme/theme";
import { cx } from "@/ui/cx";
import { dialogClass, scrimClass } from "@/ui/dialog";
import { Kbd } from "@/ui/kbd";
import { wordOf } from "@/words/words";
import { useNav } from "./use-nav";

const MOST_CAMPAIGNS = 200;
const groupClass =
  "[&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:py-1 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:text-muted";

/** ⌘K: any page, any campaign by its name, and a few things to do. */
export default function Palette({ onClose }: { onClose: () => void }) {
  const navigate = useNavigate();
  const items = useNav();
  const mayManage = useMay("manager");
  const { isDark } = useTheme();
  const { data: campaigns } = useQuery({
    queryKey: [keys.campaigns, "palette"],
    queryFn: () =>
      data(api.GET("/api/campaigns", { params: { query: { limit: MOST_CAMPAIGNS, sort: "name" } } })),
    enabled: mayManage,
  });

  const does = (act: () => unknown) => () => {
    onClose();
    act();
  };

  return (
    <Radix.Root open onOpenChange={(open) => !open && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className={scrimClass} />
        <Radix.Content aria-describedby={undefined} className={cx(dialogClass, "max-w-xl overflow-hidden")}>
          <Radix.Title className="sr-only">Go to anything</Radix.Title>
          <Command loop label="Go to anything" className="flex min-h-0 flex-col">
            <Command.Input
              autoFocus
              placeholder="A page, a campaign, or something to do"
              className="h-12 w-full border-b border-line bg-transparent px-4 text-base outline-none placeholder:text-faint"
            />
            <Command.List className="max-h-96 overflow-y-auto p-2">
              <Command.Empty className="px-2 py-6 text-center text-muted">Nothing found</Command.Empty>
              <Command.Group heading="Pages" className={groupClass}>
                {items.map(({ to, label, icon: Icon, keys: pressed }) => (
                  <Item
                    key={to}
                    icon={<Icon aria-hidden />}
                    keys={pressed}
                    onSelect={does(() => navigate({ to }))}
                  >
                    {label}
                  </Item>
                ))}
                <Item icon={<UserCog aria-hidden />} onSelect={does(() => navigate({ to: "/profile" }))}>
                  Profile
                </Item>
              </Command.Group>
              <Command.Group heading="Do" className={groupClass}>
                {mayManage && (
                  <>
                    <Item
                      icon={<FilePlus aria-hidden />}
                      onSelect={does(() => navigate({ to: "/campaigns/new" }))}
                    >
                      New campaign
                    </Item>
                    <Item
                      icon={<Upload aria-hidden />}
                      onSelect={does(() => navigate({ to: "/imports/new" }))}
                    >
                      Upload leads
                    </Item>
                  </>
                )}
                <Item
                  icon={isDark ? <Sun aria-hidden /> : <Moon aria-hidden />}
                  onSelect={does(() => chooseTheme(isDark ? "light" : "dark"))}
                >
                  {isDark ? "Light theme" : "Dark theme"}
                </Item>
                <Item
                  icon={<LogOut aria-hidden />}
                  onSelect={does(() => void logout().catch(() => undefined))}
                >
                  Log out
                </Item>
              </Command.Group>
              {campaigns && campaigns.data.length > 0 && (
                <Command.Group heading="Campaigns" className={groupClass}>
                  {campaigns.data.map(({ id, name, status }) => (
                    <Item
                      key={id}
                      value={`${name} ${id}`}
                      icon={<Megaphone aria-hidden />}
                      onSelect={does(() =>
                        navigate({ to: "/campaigns/$campaignId", params: { campaignId: id } }),
                      )}
                    >
                      {name}
                      <span className="ml-2 text-xs text-muted">{wordOf("campaign", status).label}</span>
                    </Item>
                  ))}
                </Command.Group>
              )}
            </Command.List>
          </Command>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

interface ItemProps {
  icon: ReactNode;
  keys?: string;
  value?: string;
  onSelect: () => void;
  children: ReactNode;
}

function Item({ icon, keys: pressed, value, onSelect, children }: ItemProps) {
  return (
    <Command.Item
      value={value}
      onSelect={onSelect}
      className="flex h-9 items-center gap-2.5 rounded-md px-2 data-[selected=true]:bg-hover [&_svg]:size-4 [&_svg]:text-muted"
    >
      {icon}
      <span className="min-w-0 flex-1 truncate">{children}</span>
      {pressed && <Kbd keys={pressed} />}
    </Command.Item>
  );
}
