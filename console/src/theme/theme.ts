import { useSyncExternalStore } from "react";

export type ThemeChoice = "system" | "light" | "dark";

const STORED = "warmline.theme";
const system = window.matchMedia("(prefers-color-scheme: dark)");
const viewers = new Set<() => void>();

function stored(): ThemeChoice {
  const choice = localStorage.getItem(STORED);
  return choice === "light" || choice === "dark" ? choice : "system";
}

function isDark(): boolean {
  return document.documentElement.dataset.theme === "dark";
}

function apply(): void {
  const choice = stored();
  const dark = choice === "dark" || (choice === "system" && system.matches);
  document.documentElement.dataset.theme = dark ? "dark" : "light";
  for (const viewer of viewers) viewer();
}

/** Chooses a theme, here and in the other tabs. */
export function chooseTheme(choice: ThemeChoice): void {
  if (choice === "system") localStorage.removeItem(STORED);
  else localStorage.setItem(STORED, choice);
  apply();
}

system.addEventListener("change", apply);
window.addEventListener("storage", (change) => {
  if (change.key === STORED) apply();
});

function watch(viewer: () => void): () => void {
  viewers.add(viewer);
  return () => viewers.delete(viewer);
}

/** What was chosen, and what it comes to. */
export function useTheme(): { choice: ThemeChoice; isDark: boolean } {
  const choice = useSyncExternalStore(watch, stored);
  const dark = useSyncExternalStore(watch, isDark);
  return { choice, isDark: dark };
}
