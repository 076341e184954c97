import { useQueries } from "@tanstack/react-query";
import { Link, type LinkProps } from "@tanstack/react-router";
import { ArrowRight, Circle, CircleCheck } from "lucide-react";
import { api, data } from "@/api/client";
import { keys } from "@/api/keys";
import type { Schema } from "@/api/types";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { cx } from "@/ui/cx";
import { SkeletonLines } from "@/ui/skeleton";
import { type Standing, type StepId, stepsOf } from "./steps";

const ONE = { params: { query: { limit: 1 } } } as const;

interface StepWords {
  title: string;
  why: string;
  action: string;
  link: Pick<LinkProps, "to" | "params">;
}

/** What there is to do before the first call. Loaded as long as nothing was ever started. */
export default function FirstSteps({ campaigns }: { campaigns: readonly Schema<"Campaign">[] }) {
  const [groups, agents, leads] = useQueries({
    queries: [
      {
        queryKey: [keys.groups, "any"],
        queryFn: async () => (await data(api.GET("/api/agent-groups", ONE))).data.length > 0,
      },
      {
        queryKey: [keys.agents, "any"],
        queryFn: async () => (await data(api.GET("/api/agents", ONE))).data.length > 0,
      },
      {
        queryKey: [keys.leads, "any"],
        queryFn: async () => (await data(api.GET("/api/leads", ONE))).data.length > 0,
      },
    ],
  });
  if (groups.isPending || agents.isPending || leads.isPending) {
    return (
      <Card title="First steps">
        <SkeletonLines lines={5} />
      </Card>
    );
  }
  const standing: Standing = {
    groups: groups.data ?? false,
    agents: agents.data ?? false,
    leads: leads.data ?? false,
    campaigns: campaigns.map(({ id, name, started_at }) => ({ id, name, started: started_at != null })),
  };
  const words = wordsOf(campaigns[0]);
  return (
    <Card title="First steps">
      <p className="mb-3 text-muted">Five steps to the first call. Everything can be changed later.</p>
      <ol className="flex flex-col">
        {stepsOf(standing).map(({ id, isDone, isNext }, index) => {
          const { title, why, action, link } = words[id];
          const Icon = isDone ? CircleCheck : Circle;
          return (
            <li
              key={id}
              className="flex flex-wrap items-center gap-3 border-t border-line py-3 first:border-t-0 sm:flex-nowrap"
            >
              <Icon aria-hidden className={cx("size-5 shrink-0", isDone ? "text-ok" : "text-faint")} />
              <div className="min-w-0 flex-1 max-sm:basis-[calc(100%-3rem)]">
                <p className={cx("font-medium", isDone && "text-muted")}>
                  {index + 1}. {title}
                  <span className="sr-only">{isDone ? " (done)" : " (to do)"}</span>
                </p>
                {!isDone && <p className="text-muted">{why}</p>}
              </div>
              {!isDone && (
                <Button asChild look={isNext ? "primary" : "secondary"} className="max-sm:ml-8">
                  <Link {...link}>
                    {action}
                    <ArrowRight aria-hidden />
                  </Link>
                </Button>
              )}
            </li>
          );
        })}
      </ol>
    </Card>
  );
}

function wordsOf(campaign: Schema<"Campaign"> | undefined): Record<StepId, StepWords> {
  return {
    group: {
      title: "Make an agent group",
      why: "A campaign draws its agents from a team.",
      action: "Add a group",
      link: { to: "/settings/$section", params: { section: "groups" } },
    },
    agent: {
      title: "Add an agent",
      why: "Somebody who talks with the leads, by phone or softphone.",
      action: "Add an agent",
      link: { to: "/agents" },
    },
    campaign: {
      title: "Make a campaign",
      why: "When to call, how often, and what is said.",
      action: "New campaign",
      link: { to: "/campaigns/new" },
    },
    leads: {
      title: "Upload leads",
      why: "A CSV file of people to call. Numbers are checked before anything is kept.",
      action: "Upload leads",
      link: { to: "/imports/new" },
    },
    start: {
      title: campaign ? `Start ${campaign.name}` : "Start the campaign",
      why: "Calls begin within calling hours, as soon as an agent is available.",
      action: "Go to the campaign",
      link: campaign
        ? { to: "/campaigns/$campaignId", params: { campaignId: campaign.id } }
        : { to: "/campaigns" },
    },
  };
}
