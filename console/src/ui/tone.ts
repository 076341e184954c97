/** What a thing says by its colour, always together with an icon or a word. */
export type Tone = "neutral" | "accent" | "ok" | "warn" | "bad";

/** Text and ground of a tone. */
export const toneClass: Record<Tone, string> = {
  neutral: "bg-sunken text-muted",
  accent: "bg-accent-soft text-accent-text",
  ok: "bg-ok-soft text-ok",
  warn: "bg-warn-soft text-warn",
  bad: "bg-bad-soft text-bad",
};

/** Text of a tone alone. */
export const toneText: Record<Tone, string> = {
  neutral: "text-muted",
  accent: "text-accent-text",
  ok: "text-ok",
  warn: "text-warn",
  bad: "text-bad",
};

/** What fills bars of a tone. */
export const toneFill: Record<Tone, string> = {
  neutral: "bg-control",
  accent: "bg-accent",
  ok: "bg-ok",
  warn: "bg-warn",
  bad: "bg-bad",
};
