import {
  BookX,
  Building2,
  ChartColumn,
  FileUp,
  Headset,
  LayoutDashboard,
  type LucideIcon,
  Megaphone,
  Phone,
  Radio,
  UserSearch,
  Users,
} from "lucide-react";
import { covers, type Role } from "@/auth/role";

export type NavPath =
  | "/"
  | "/live"
  | "/campaigns"
  | "/leads"
  | "/imports"
  | "/calls"
  | "/agents"
  | "/reports"
  | "/dnc"
  | "/settings"
  | "/desk";

/** One entry of the navigation. */
export interface NavItem {
  to: NavPath;
  label: string;
  icon: LucideIcon;
  keys: string;
}

/** By job: what happens now, what is worked on, what came of it, how it is set up. */
const MANAGING: readonly NavItem[] = [
  { to: "/live", label: "Live", icon: Radio, keys: "g v" },
  { to: "/", label: "Dashboard", icon: LayoutDashboard, keys: "g d" },
  { to: "/campaigns", label: "Campaigns", icon: Megaphone, keys: "g c" },
  { to: "/leads", label: "Leads", icon: UserSearch, keys: "g l" },
  { to: "/imports", label: "Imports", icon: FileUp, keys: "g i" },
  { to: "/calls", label: "Calls", icon: Phone, keys: "g p" },
  { to: "/agents", label: "Agents", icon: Users, keys: "g a" },
  { to: "/reports", label: "Reports", icon: ChartColumn, keys: "g r" },
  { to: "/dnc", label: "Do-not-call", icon: BookX, keys: "g n" },
  { to: "/settings", label: "Settings", icon: Building2, keys: "g s" },
];

const DESK: NavItem = { to: "/desk", label: "Desk", icon: Headset, keys: "g k" };

/** What a role finds in the navigation. Who is an agent besides has the desk, too. */
export function navOf(role: Role, isAgent: boolean): readonly NavItem[] {
  if (!covers(role, "manager")) return [DESK];
  return isAgent ? [DESK, ...MANAGING] : MANAGING;
}
