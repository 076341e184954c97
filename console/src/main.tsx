import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Toaster } from "sonner";
import { queryClient } from "@/api/query-client";
import { login } from "@/auth/browser";
import { useTheme } from "@/theme/theme";
import { TooltipProvider } from "@/ui/tooltip";
import { router } from "./router";
import "./theme/styles.css";

login.subscribe((change) => {
  if (change === "entered") {
    // Whatever was read before was read by somebody else.
    queryClient.clear();
    void router.invalidate();
    return;
  }
  const isInside = router.state.matches.some((match) => match.routeId === "/inside");
  if (!isInside) return;
  void router
    .navigate({ to: "/login", search: { next: router.state.location.href } })
    .then(() => queryClient.clear());
});

function Console() {
  const { isDark } = useTheme();
  return (
    <QueryClientProvider client={queryClient}>
      <TooltipProvider delayDuration={300}>
        <RouterProvider router={router} />
        <Toaster
          theme={isDark ? "dark" : "light"}
          position="bottom-right"
          // Above the bar that saves a form, and on a phone above the navigation, too.
          offset={{ bottom: 88 }}
          mobileOffset={{ bottom: 136 }}
          closeButton
        />
      </TooltipProvider>
    </QueryClientProvider>
  );
}

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no element #root");
createRoot(root).render(
  <StrictMode>
    <Console />
  </StrictMode>,
);
