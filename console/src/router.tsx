import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from "@tanstack/react-router";
import { queryClient } from "@/api/query-client";
import { login } from "@/auth/browser";
import { type Me, meQuery } from "@/auth/me";
import { covers, homeOf, type Role } from "@/auth/role";
import { wantedPath } from "@/auth/wanted";
import { asProblem } from "./api/problem";
import { setupQuery } from "./api/setup";
import * as search from "./pages/search";
import { NotFound } from "./shell/not-found";
import { PageError } from "./shell/page-error";
import { PagePending } from "./shell/page-pending";

const root = createRootRouteWithContext<{ queryClient: typeof queryClient }>()({
  component: Outlet,
  notFoundComponent: NotFound,
});

// In front of the login.

const loginRoute = createRoute({
  getParentRoute: () => root,
  path: "/login",
  validateSearch: search.login,
  beforeLoad: async ({ search: { next }, context }) => {
    if (login.isOpen) throw redirect({ href: wantedPath(next) ?? "/" });
    // A server that does not answer shows itself at the attempt to log in.
    const setup = await context.queryClient.ensureQueryData(setupQuery).catch(() => undefined);
    if (setup?.needs_setup) throw redirect({ to: "/setup" });
  },
  component: lazyRouteComponent(() => import("./pages/login")),
});

const setupRoute = createRoute({
  getParentRoute: () => root,
  path: "/setup",
  component: lazyRouteComponent(() => import("./pages/setup")),
});

const invitationRoute = createRoute({
  getParentRoute: () => root,
  path: "/invitation",
  validateSearch: search.token,
  component: lazyRouteComponent(() => import("./pages/invitation")),
});

const resetPasswordRoute = createRoute({
  getParentRoute: () => root,
  path: "/reset-password",
  validateSearch: search.token,
  component: lazyRouteComponent(() => import("./pages/reset-password")),
});

// Behind it.

const inside = createRoute({
  getParentRoute: () => root,
  id: "inside",
  beforeLoad: async ({ context, location }): Promise<{ me: Me }> => {
    const toLogin = () => redirect({ to: "/login", search: { next: location.href } });
    if (!login.isOpen) throw toLogin();
    try {
      return { me: await context.queryClient.ensureQueryData(meQuery) };
    } catch (error) {
      throw asProblem(error).status === 401 ? toLogin() : error;
    }
  },
  component: lazyRouteComponent(() => import("./shell/layout")),
});

/** Sends home who may not see a page. The server refuses what matters; this keeps people from empty pages. */
function onlyFor(needed: Role) {
  return ({ context }: { context: { me: Me } }) => {
    const { role } = context.me;
    if (!covers(role, needed)) throw redirect({ to: homeOf(role) });
  };
}

const managing = { getParentRoute: () => inside, beforeLoad: onlyFor("manager") };

// Each by a name: written straight into the list, a route loses the types of its path and its search params.

const dashboardRoute = createRoute({
  ...managing,
  path: "/",
  validateSearch: search.dashboard,
  component: lazyRouteComponent(() => import("./pages/dashboard")),
});

const liveRoute = createRoute({
  ...managing,
  path: "/live",
  validateSearch: search.live,
  component: lazyRouteComponent(() => import("./pages/live")),
});

const campaignsRoute = createRoute({
  ...managing,
  path: "/campaigns",
  validateSearch: search.campaigns,
  component: lazyRouteComponent(() => import("./pages/campaigns")),
});

const newCampaignRoute = createRoute({
  ...managing,
  path: "/campaigns/new",
  component: lazyRouteComponent(() => import("./pages/campaigns/new")),
});

const campaignRoute = createRoute({
  ...managing,
  path: "/campaigns/$campaignId",
  validateSearch: search.campaign,
  component: lazyRouteComponent(() => import("./pages/campaigns/campaign")),
});

const leadsRoute = createRoute({
  ...managing,
  path: "/leads",
  validateSearch: search.leads,
  component: lazyRouteComponent(() => import("./pages/leads")),
});

const leadRoute = createRoute({
  ...managing,
  path: "/leads/$leadId",
  validateSearch: search.lead,
  component: lazyRouteComponent(() => import("./pages/leads/lead")),
});

const importsRoute = createRoute({
  ...managing,
  path: "/imports",
  validateSearch: search.imports,
  component: lazyRouteComponent(() => import("./pages/imports")),
});

const newImportRoute = createRoute({
  ...managing,
  path: "/imports/new",
  validateSearch: search.imports,
  component: lazyRouteComponent(() => import("./pages/imports/new")),
});

const importRoute = createRoute({
  ...managing,
  path: "/imports/$importId",
  validateSearch: search.importRows,
  component: lazyRouteComponent(() => import("./pages/imports/import")),
});

const callsRoute = createRoute({
  ...managing,
  path: "/calls",
  validateSearch: search.calls,
  component: lazyRouteComponent(() => import("./pages/calls")),
});

const callRoute = createRoute({
  ...managing,
  path: "/calls/$callId",
  validateSearch: search.call,
  component: lazyRouteComponent(() => import("./pages/calls/call")),
});

const agentsRoute = createRoute({
  ...managing,
  path: "/agents",
  validateSearch: search.agents,
  component: lazyRouteComponent(() => import("./pages/agents")),
});

const agentRoute = createRoute({
  ...managing,
  path: "/agents/$agentId",
  validateSearch: search.agent,
  component: lazyRouteComponent(() => import("./pages/agents/agent")),
});

const reportsRoute = createRoute({
  ...managing,
  path: "/reports",
  validateSearch: search.reports,
  component: lazyRouteComponent(() => import("./pages/reports")),
});

const dncRoute = createRoute({
  ...managing,
  path: "/dnc",
  validateSearch: search.dnc,
  component: lazyRouteComponent(() => import("./pages/dnc")),
});

const settingsRoute = createRoute({
  ...managing,
  path: "/settings",
  beforeLoad: () => {
    throw redirect({ to: "/settings/$section", params: { section: "organisation" } });
  },
});

const settingsSectionRoute = createRoute({
  ...managing,
  path: "/settings/$section",
  validateSearch: search.settings,
  component: lazyRouteComponent(() => import("./pages/settings")),
});

const deskRoute = createRoute({
  getParentRoute: () => inside,
  path: "/desk",
  component: lazyRouteComponent(() => import("./pages/desk")),
});

const profileRoute = createRoute({
  getParentRoute: () => inside,
  path: "/profile",
  component: lazyRouteComponent(() => import("./pages/profile")),
});

const routeTree = root.addChildren([
  loginRoute,
  setupRoute,
  invitationRoute,
  resetPasswordRoute,
  inside.addChildren([
    dashboardRoute,
    liveRoute,
    campaignsRoute,
    newCampaignRoute,
    campaignRoute,
    leadsRoute,
    leadRoute,
    importsRoute,
    newImportRoute,
    importRoute,
    callsRoute,
    callRoute,
    agentsRoute,
    agentRoute,
    reportsRoute,
    dncRoute,
    settingsRoute,
    settingsSectionRoute,
    deskRoute,
    profileRoute,
  ]),
]);

export const router = createRouter({
  routeTree,
  context: { queryClient },
  defaultPreload: "intent",
  defaultPendingMs: 150,
  defaultPendingComponent: PagePending,
  defaultErrorComponent: PageError,
  defaultNotFoundComponent: NotFound,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
