import { pressOf, Registry } from "./registry";

export const registry = new Registry();

const MODIFIERS = new Set(["Shift", "Control", "Alt", "Meta"]);

document.addEventListener("keydown", (event) => {
  // What took a key has it; but a checkbox takes Enter together with Ctrl, too, and does nothing with it.
  const isTaken = event.defaultPrevented && !event.metaKey && !event.ctrlKey;
  if (isTaken || event.isComposing || MODIFIERS.has(event.key)) return;
  const target = event.target instanceof HTMLElement ? event.target : null;
  const isTyping = Boolean(
    target?.closest("input, textarea, select, [contenteditable], [role=combobox], [role=listbox]"),
  );
  // What lies over the page has the keys to itself, but for those with ⌘ or Ctrl.
  const isCovered = Boolean(target?.closest("[role=dialog], [role=alertdialog], [role=menu]"));
  const shortcut = registry.press(pressOf(event), event.timeStamp, isTyping || isCovered);
  if (!shortcut) return;
  event.preventDefault();
  shortcut.run(event);
});
