import { Ban, CircleAlert, type LucideIcon, PhoneOff, Printer, UserCheck, Voicemail } from "lucide-react";
import type { Schema } from "@/api/types";

export interface Result {
  disposition: Schema<"DispositionWord">;
  label: string;
  icon: LucideIcon;
}

/** What an agent can say came of a conversation, in the order of their keys; the one that cannot be taken back last. */
export const RESULTS: readonly Result[] = [
  { disposition: "answered", label: "We talked", icon: UserCheck },
  { disposition: "hung_up", label: "They hung up", icon: PhoneOff },
  { disposition: "voicemail", label: "Voicemail", icon: Voicemail },
  { disposition: "invalid_number", label: "Wrong number", icon: CircleAlert },
  { disposition: "fax", label: "Fax", icon: Printer },
  { disposition: "do_not_call", label: "Do not call", icon: Ban },
];
