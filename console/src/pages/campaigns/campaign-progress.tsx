import { useQuery } from "@tanstack/react-query";
import { count } from "@/format/number";
import { ProgressBar } from "@/ui/progress-bar";
import { Skeleton } from "@/ui/skeleton";
import { type Campaign, progressQuery } from "./campaign-data";
import { progressOf } from "./shares";
import { useWasInView } from "./use-in-view";

/** How many of a campaign's leads are done with. Read once the row is in sight: it costs the server a count. */
export function CampaignProgress({ campaign }: { campaign: Campaign }) {
  const [element, wasSeen] = useWasInView<HTMLDivElement>();
  const { data: preview, isError } = useQuery({ ...progressQuery(campaign.id), enabled: wasSeen });
  return (
    <div ref={element} className="w-40">
      {preview ? (
        <Bar {...progressOf(preview)} label={`Leads of ${campaign.name} that are done with`} />
      ) : isError ? (
        <span className="text-faint">–</span>
      ) : (
        <Skeleton className="h-4 w-full" />
      )}
    </div>
  );
}

function Bar({ total, done, label }: { total: number; done: number; label: string }) {
  if (total === 0) return <span className="text-muted">No leads yet</span>;
  return (
    <span className="flex flex-col gap-1">
      <span className="text-xs text-muted tabular-nums">
        {count(done)} of {count(total)} done
      </span>
      <ProgressBar label={label} percent={(done / total) * 100} />
    </span>
  );
}
