// Sets the theme before the first paint. `src/theme/theme.ts` changes it later and stores the choice.
(() => {
  let choice = null;
  try {
    choice = localStorage.getItem("warmline.theme");
  } catch {
    // Storage may be forbidden; then the system decides.
  }
  const dark =
    choice === "dark" || (choice !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.theme = dark ? "dark" : "light";
})();
