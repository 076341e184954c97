import { useQuery } from "@tanstack/react-query";
import { localZone } from "@/format/time";
import { useZone } from "@/format/use-zone";
import { Card } from "@/ui/card";
import { ColumnChart } from "@/ui/column-chart";
import { ErrorBox } from "@/ui/error-box";
import { Skeleton } from "@/ui/skeleton";
import { byHourQuery, type Scope } from "./figures";
import { hourText } from "./hour-text";

/** When the phone is picked up. */
export function HoursCard({ scope }: { scope: Scope }) {
  const { zone } = useZone();
  const query = useQuery(byHourQuery(scope, zone === "utc" ? "UTC" : localZone()));
  return (
    <Card title={`Answers by hour of the day, ${query.data?.time_zone ?? localZone()}`}>
      {query.isError ? (
        <ErrorBox error={query.error} onRetry={() => void query.refetch()} />
      ) : !query.data ? (
        <Skeleton className="h-40 w-full" />
      ) : (
        <ColumnChart
          label="Calls and answered calls by hour of the day"
          wholeLabel="Calls"
          partLabel="Answered"
          labelEvery={3}
          columns={query.data.data.map(({ hour, calls, answered }) => ({
            key: String(hour),
            label: hourText(hour),
            whole: calls,
            part: answered,
          }))}
        />
      )}
    </Card>
  );
}
