import type { Preview } from "./campaign-data";

type Permission = "allow" | "deny_until" | "deny_forever";

/** Leads that the rules treat alike. */
export interface Share {
  key: string;
  permission: Permission;
  rule: string | null;
  sentence: string;
  leads: number;
  /** When the first of them may be called. */
  at: string | null;
}

/** The shares of a preview as people read them: the API has one for every instant, here is one for every reason. */
export function sharesOf(preview: Preview): Share[] {
  const shares = new Map<string, Share>();
  for (const { permission, rule, sentence, at, leads } of preview.shares) {
    const key = `${permission} ${sentence ?? ""}`;
    const known = shares.get(key);
    shares.set(key, {
      key,
      permission: permission as Permission,
      rule: rule ?? null,
      sentence: sentence ?? "Nothing stands in the way.",
      leads: leads + (known?.leads ?? 0),
      at: earlier(known?.at ?? null, at ?? null),
    });
  }
  return [...shares.values()].sort((one, other) => other.leads - one.leads);
}

function earlier(one: string | null, other: string | null): string | null {
  if (one === null || other === null) return one ?? other;
  return Date.parse(one) <= Date.parse(other) ? one : other;
}

/** What a campaign's leads come to. */
export interface Progress {
  total: number;
  /** Nobody of these is called any more. */
  done: number;
  inCall: number;
}

export function progressOf(preview: Preview): Progress {
  const total = preview.callable_now + preview.callable_later + preview.not_callable;
  // Whoever is being talked to counts as not callable, and is not done.
  const inCall = preview.shares
    .filter((share) => share.rule === "already_in_call")
    .reduce((sum, share) => sum + share.leads, 0);
  return { total, inCall, done: preview.not_callable - inCall };
}
