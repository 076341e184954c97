import { cx } from "./cx";

const isMac = /mac|iphone|ipad/i.test(navigator.userAgent);

const NAMES: Record<string, string> = {
  mod: isMac ? "⌘" : "Ctrl",
  enter: "↵",
  escape: "Esc",
  arrowup: "↑",
  arrowdown: "↓",
  space: "Space",
};

/** Keys as they are pressed: "mod+k" at once, "g c" one after the other. */
export function Kbd({ keys, onDark = false }: { keys: string; onDark?: boolean }) {
  const presses = keys
    .split(" ")
    .map((press) => press.split("+").map((key) => NAMES[key.toLowerCase()] ?? key));
  return (
    <span className="inline-flex items-center gap-1">
      {presses.map((press) => (
        <kbd
          key={press.join("+")}
          className={cx(
            "inline-flex h-4.5 min-w-4.5 items-center justify-center rounded border px-1 font-sans text-[11px] leading-none",
            onDark ? "border-current/30" : "border-line bg-sunken text-muted",
          )}
        >
          {press.join(isMac ? "" : "+")}
        </kbd>
      ))}
    </span>
  );
}
