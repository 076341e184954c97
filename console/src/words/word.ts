import type { LucideIcon } from "lucide-react";
import type { Tone } from "@/ui/tone";

/** How one of the API's words is shown to people. */
export interface Word {
  label: string;
  tone: Tone;
  icon: LucideIcon;
}
