import { Outlet, useNavigate, useRouterState } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { live } from "@/live/browser";
import { useShortcuts } from "@/shortcuts/use-shortcuts";
import { BottomNav } from "./bottom-nav";
import { SideNav } from "./side-nav";
import { TopBar } from "./top-bar";
import { useNav } from "./use-nav";

const Palette = lazy(() => import("./palette"));
const ShortcutSheet = lazy(() => import("./shortcut-sheet"));

/** What is around every page behind the login. */
export default function Layout() {
  const [over, setOver] = useState<"palette" | "sheet" | null>(null);
  const navigate = useNavigate();
  const items = useNav();
  const main = useRef<HTMLElement>(null);
  const path = useRouterState({ select: (state) => state.location.pathname });
  const lastPath = useRef(path);

  useEffect(() => {
    live.start();
    return () => live.stop();
  }, []);

  // After a change of page the focus would stay in the navigation, and screen readers would say nothing.
  useEffect(() => {
    if (lastPath.current === path) return;
    lastPath.current = path;
    main.current?.focus({ preventScroll: true });
    main.current?.scrollTo(0, 0);
  }, [path]);

  useShortcuts([
    { keys: "mod+k", label: "Go to anything", group: "Everywhere", run: () => setOver("palette") },
    { keys: "?", label: "Show these shortcuts", group: "Everywhere", run: () => setOver("sheet") },
    ...items.map((item) => ({
      keys: item.keys,
      label: item.label,
      group: "Go to",
      run: () => void navigate({ to: item.to }),
    })),
  ]);

  const close = () => setOver(null);
  return (
    <div className="flex h-dvh flex-col md:flex-row">
      <a
        href="#main"
        className="sr-only z-50 rounded-md bg-accent px-3 py-2 text-on-accent focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        Skip to the page
      </a>
      <SideNav items={items} />
      <div className="flex min-h-0 min-w-0 flex-1 flex-col">
        <TopBar onPalette={() => setOver("palette")} onShortcuts={() => setOver("sheet")} />
        <main ref={main} id="main" tabIndex={-1} className="min-h-0 flex-1 overflow-y-auto outline-none">
          <Outlet />
        </main>
      </div>
      <BottomNav items={items} />
      <Suspense>
        {over === "palette" && <Palette onClose={close} />}
        {over === "sheet" && <ShortcutSheet onClose={close} />}
      </Suspense>
    </div>
  );
}
