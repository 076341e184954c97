import type { Role } from "@/auth/role";

/** The parts of the settings, by the last word of their address. */
export const sections = [
  { id: "organisation", label: "Organisation", needs: "manager" },
  { id: "users", label: "Users", needs: "tenant_admin" },
  { id: "groups", label: "Groups", needs: "manager" },
  { id: "caller-ids", label: "Caller ids", needs: "manager" },
  { id: "audio", label: "Audio files", needs: "manager" },
  { id: "carrier", label: "Carrier", needs: "manager" },
  { id: "limits", label: "Limits", needs: "manager" },
  { id: "api-keys", label: "API keys", needs: "tenant_admin" },
  { id: "webhooks", label: "Webhooks", needs: "manager" },
  { id: "audit", label: "Audit log", needs: "tenant_admin" },
] as const satisfies readonly { id: string; label: string; needs: Role }[];

export type SectionId = (typeof sections)[number]["id"];
