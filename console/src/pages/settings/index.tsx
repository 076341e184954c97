import { getRouteApi, Link } from "@tanstack/react-router";
import { type ComponentType, lazy, Suspense, useEffect, useRef } from "react";
import { useMe } from "@/auth/me";
import { covers } from "@/auth/role";
import { Card } from "@/ui/card";
import { Page } from "@/ui/page";
import { PageHeader } from "@/ui/page-header";
import { SkeletonLines } from "@/ui/skeleton";
import { type SectionId, sections } from "./sections";

const route = getRouteApi("/inside/settings/$section");

const parts: Record<SectionId, ComponentType> = {
  organisation: lazy(() => import("./organisation")),
  users: lazy(() => import("./users")),
  groups: lazy(() => import("./groups")),
  "caller-ids": lazy(() => import("./caller-ids")),
  audio: lazy(() => import("./audio")),
  carrier: lazy(() => import("./carrier")),
  limits: lazy(() => import("./limits")),
  "api-keys": lazy(() => import("./api-keys")),
  webhooks: lazy(() => import("./webhooks")),
  audit: lazy(() => import("./audit")),
};

export default function SettingsPage() {
  const { section: id } = route.useParams();
  const { role } = useMe();
  const nav = useRef<HTMLElement>(null);
  useEffect(() => {
    // On narrow screens the sections stand in a row that is longer than the screen.
    const current = nav.current?.querySelector(`[href$="/settings/${id}"]`);
    current?.scrollIntoView({ block: "nearest", inline: "center" });
  }, [id]);
  const mine = sections.filter(({ needs }) => covers(role, needs));
  const section = mine.find((one) => one.id === id);
  if (!section)
    return (
      <Page>
        <PageHeader title="There is no such section" crumbs={[{ label: "Settings", to: "/settings" }]} />
      </Page>
    );
  const Part = parts[section.id];
  return (
    <Page>
      <PageHeader title={section.label} crumbs={[{ label: "Settings", to: "/settings" }]} />
      <div className="grid items-start gap-4 md:grid-cols-[11rem_minmax(0,1fr)] md:gap-6">
        <nav
          ref={nav}
          aria-label="Settings"
          className="flex gap-1 overflow-x-auto border-b border-line pb-2 md:flex-col md:gap-0.5 md:border-b-0 md:pb-0"
        >
          {mine.map((one) => (
            <Link
              key={one.id}
              to="/settings/$section"
              params={{ section: one.id }}
              search={{}}
              activeOptions={{ includeSearch: false }}
              className="flex h-8 shrink-0 items-center rounded-md px-2.5 whitespace-nowrap text-muted hover:bg-hover hover:text-text aria-[current=page]:bg-hover aria-[current=page]:font-medium aria-[current=page]:text-text"
            >
              {one.label}
            </Link>
          ))}
        </nav>
        <div className="flex min-w-0 flex-col gap-4">
          <Suspense
            fallback={
              <Card>
                <SkeletonLines lines={5} />
              </Card>
            }
          >
            <Part />
          </Suspense>
        </div>
      </div>
    </Page>
  );
}
