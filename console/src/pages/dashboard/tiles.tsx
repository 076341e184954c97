import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { ABANDON_LIMIT, abandonStanding, abandonWords } from "@/format/abandon";
import { wordDuration } from "@/format/duration";
import { usd } from "@/format/money";
import { compactCount, count, percent, plural } from "@/format/number";
import { useNow } from "@/live/use-now";
import { StatTile } from "@/ui/stat-tile";
import type { RangeSearch } from "@/url/range";
import { definitions } from "./definitions";
import { overviewQuery, type Scope } from "./figures";
import { limitsQuery, tenantQuery } from "./limits";
import { changeOf, changeText, previousOf, shareOf } from "./previous";

interface TilesProps {
  scope: Scope;
  /** As in the address, to be handed on to the pages behind the numbers. */
  search: RangeSearch & { campaign_id?: string };
}

const EVERY_MS = 10_000;
const MINUTE_MS = 60_000;

/** The numbers that matter, each with what it is to be compared with. */
export function Tiles({ scope, search }: TilesProps) {
  const now = useNow(EVERY_MS);
  const previous = previousOf(scope, now - (now % MINUTE_MS));
  const { data: is } = useQuery(overviewQuery(scope));
  const { data: earlier } = useQuery({
    ...overviewQuery({ campaign_id: scope.campaign_id, ...previous }),
    enabled: previous !== undefined,
  });
  const was = previous && earlier;
  const { data: limits } = useQuery(limitsQuery);
  const { data: tenant } = useQuery(tenantQuery);

  const before = (text: string | undefined) =>
    was && was.calls > 0 && text !== undefined ? `before: ${text}` : undefined;
  const toReport = (by: "disposition" | "agent" | "campaign", what: string) => (className: string) => (
    <Link to="/reports" search={{ ...search, by }} className={className}>
      {what}
    </Link>
  );
  const toCalls = (disposition: "abandoned" | undefined, what: string) => (className: string) => (
    <Link to="/calls" search={{ ...search, disposition }} className={className}>
      {what}
    </Link>
  );
  const value = (show: (figures: NonNullable<typeof is>) => ReactNode) => is && show(is);

  return (
    <section aria-label="Key figures" className="grid grid-cols-2 gap-3 lg:grid-cols-3 2xl:grid-cols-6">
      <div className="col-span-2 grid lg:col-span-1">
        <StatTile
          label="Abandon rate"
          definition={definitions.abandon_rate}
          value={value((figures) => percent(figures.abandon_rate))}
          standing={abandonStanding(is?.abandon_rate)}
          target={`limit ${percent(ABANDON_LIMIT, 0)}`}
          note={
            is &&
            `${abandonWords(is.abandon_rate)}: ${count(is.abandoned)} of ${plural(is.human, "person", "people")}`
          }
          link={toCalls("abandoned", "Abandoned calls")}
        />
      </div>
      <StatTile
        label="Calls"
        definition={definitions.calls}
        value={value((figures) => compactCount(figures.calls))}
        target={is && tenant && `${count(is.open)} open of ${count(tenant.max_concurrent_calls)} at most`}
        note={before(was && `${compactCount(was.calls)} (${changeText(changeOf(is?.calls, was.calls))})`)}
        link={toCalls(undefined, "All calls")}
      />
      <StatTile
        label="Answered"
        definition={definitions.answered}
        value={value((figures) => compactCount(figures.answered))}
        target={is && `${percent(shareOf(is.answered, is.calls))} of calls`}
        note={before(was && percent(shareOf(was.answered, was.calls)))}
        link={toReport("disposition", "Calls by result")}
      />
      <StatTile
        label="People : machines"
        definition={`${definitions.human} Against: ${definitions.machine.toLowerCase()}`}
        value={value((figures) => `${compactCount(figures.human)} : ${compactCount(figures.machine)}`)}
        target={is && `${percent(shareOf(is.human, is.human + is.machine), 0)} people`}
        note={before(was && percent(shareOf(was.human, was.human + was.machine), 0))}
        link={toReport("disposition", "Calls by result")}
      />
      <StatTile
        label="Bridged"
        definition={`${definitions.bridged} Average talk: ${definitions.talk_avg_s.toLowerCase()}`}
        value={value((figures) => compactCount(figures.bridged))}
        target={is?.talk_avg_s != null ? `${wordDuration(is.talk_avg_s)} of talk on average` : "no talk yet"}
        note={before(
          was &&
            `${compactCount(was.bridged)}${was.talk_avg_s != null ? `, ${wordDuration(was.talk_avg_s)}` : ""}`,
        )}
        link={toReport("agent", "Bridged calls by agent")}
      />
      <StatTile
        label="Cost"
        definition={definitions.cost_usd}
        value={value((figures) => usd(figures.cost_usd))}
        standing={limits?.capped ? "bad" : "ok"}
        target={limits && capText(limits)}
        note={before(was && usd(was.cost_usd))}
        link={toReport("campaign", "Cost by campaign")}
      />
    </section>
  );
}

function capText(limits: { capped: boolean; daily_spend_cap?: string | null; spent_today: string }): string {
  if (limits.capped) return "cap reached: nobody is dialed";
  if (limits.daily_spend_cap == null) return "no daily cap";
  return `today ${usd(limits.spent_today)} of ${usd(limits.daily_spend_cap)}`;
}
