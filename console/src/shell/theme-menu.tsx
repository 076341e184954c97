import { Monitor, Moon, Sun } from "lucide-react";
import { useZone } from "@/format/use-zone";
import { chooseTheme, useTheme } from "@/theme/theme";
import { DropdownMenu, MenuChoice, MenuLabel, MenuSeparator } from "@/ui/dropdown-menu";
import { IconButton } from "@/ui/icon-button";

/** How the console is shown: its theme, and the clock that times are read by. */
export function ThemeMenu() {
  const { choice, isDark } = useTheme();
  const { zone, chooseZone } = useZone();
  return (
    <DropdownMenu trigger={<IconButton label="Theme and time zone" icon={isDark ? <Moon /> : <Sun />} />}>
      <MenuLabel>Theme</MenuLabel>
      <MenuChoice
        value={choice}
        onChange={chooseTheme}
        options={[
          { value: "system", label: "As the system", icon: <Monitor aria-hidden /> },
          { value: "light", label: "Light", icon: <Sun aria-hidden /> },
          { value: "dark", label: "Dark", icon: <Moon aria-hidden /> },
        ]}
      />
      <MenuSeparator />
      <MenuLabel>Times</MenuLabel>
      <MenuChoice
        value={zone === "utc" ? "utc" : "local"}
        onChange={chooseZone}
        options={[
          { value: "local", label: "My time" },
          { value: "utc", label: "UTC" },
        ]}
      />
    </DropdownMenu>
  );
}
