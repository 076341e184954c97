import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { useMay } from "@/auth/me";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { ErrorBox } from "@/ui/error-box";
import { Page } from "@/ui/page";
import { PageHeader } from "@/ui/page-header";
import { SkeletonLines } from "@/ui/skeleton";
import { TabPanel, Tabs } from "@/ui/tabs";
import { WordBadge } from "@/ui/word-badge";
import { RecentCalls } from "../agents/recent-calls";
import { campaignQuery } from "./campaign-data";
import { HeaderMoves } from "./header-moves";
import { History } from "./history";
import { NewestLeads } from "./newest-leads";
import { Overview } from "./overview";
import type { CampaignTab } from "./search";
import { useAskedMoves } from "./use-asked-moves";

const Settings = lazy(() => import("./settings"));

const route = getRouteApi("/inside/campaigns/$campaignId");
const crumbs = [{ label: "Campaigns", to: "/campaigns" }] as const;

export default function CampaignPage() {
  const { campaignId } = route.useParams();
  const { tab = "overview" } = route.useSearch();
  const navigate = route.useNavigate();
  const seesHistory = useMay("tenant_admin");
  const query = useQuery(campaignQuery(campaignId));
  const { move, pausing, dialogs } = useAskedMoves(() => void navigate({ to: "/campaigns" }));

  if (query.isError)
    return (
      <Page>
        <PageHeader title="Campaign" crumbs={crumbs} />
        <ErrorBox
          error={query.error}
          title="The campaign cannot be read"
          onRetry={() => void query.refetch()}
        />
      </Page>
    );
  if (!query.data)
    return (
      <Page>
        <PageHeader title="Campaign" crumbs={crumbs} />
        <SkeletonLines />
      </Page>
    );

  const { data: campaign } = query.data;
  const tabs: { value: CampaignTab; label: string }[] = [
    { value: "overview", label: "Overview" },
    { value: "leads", label: "Leads" },
    { value: "calls", label: "Calls" },
    { value: "settings", label: "Settings" },
  ];
  if (seesHistory) tabs.push({ value: "history", label: "History" });

  return (
    <Page>
      <PageHeader
        title={campaign.name}
        crumbs={crumbs}
        badges={<WordBadge set="campaign" word={campaign.status} />}
        actions={<HeaderMoves campaign={campaign} onMove={move} pausing={pausing} />}
      />
      <Tabs
        label="Campaign"
        value={tab}
        tabs={tabs}
        onChange={(value) =>
          navigate({ search: { tab: value === "overview" ? undefined : value }, replace: false })
        }
      >
        <TabPanel value="overview">
          <Overview campaign={campaign} onMove={move} />
        </TabPanel>
        <TabPanel value="leads">
          <NewestLeads campaign={campaign} />
        </TabPanel>
        <TabPanel value="calls">
          <Card
            title="Latest calls"
            padded={false}
            actions={
              <Button asChild size="small">
                <Link to="/calls" search={{ campaign_id: campaign.id }}>
                  All calls
                </Link>
              </Button>
            }
          >
            <RecentCalls
              filter={{ campaign_id: campaign.id }}
              other="agent"
              empty="They appear here once the campaign is active and has somebody to call."
            />
          </Card>
        </TabPanel>
        <TabPanel value="settings">
          <Suspense fallback={<SkeletonLines />}>
            <Settings key={campaign.id} versioned={query.data} />
          </Suspense>
        </TabPanel>
        {seesHistory && (
          <TabPanel value="history">
            <History campaign={campaign} />
          </TabPanel>
        )}
      </Tabs>
      {dialogs}
    </Page>
  );
}
