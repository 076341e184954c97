import { CircleCheck, CircleOff, CircleX, TriangleAlert } from "lucide-react";
import type { Schema } from "@/api/types";
import { Badge } from "@/ui/badge";

/** How an endpoint stands. */
export function EndpointStanding({ of: endpoint }: { of: Schema<"WebhookEndpoint"> }) {
  if (endpoint.disabled_because) {
    return (
      <Badge
        icon={CircleX}
        tone="bad"
      >{`Switched off: ${endpoint.disabled_because.replaceAll("_", " ")}`}</Badge>
    );
  }
  if (!endpoint.enabled) return <Badge icon={CircleOff}>Off</Badge>;
  if (endpoint.failing_since) {
    return (
      <Badge icon={TriangleAlert} tone="warn">
        Failing
      </Badge>
    );
  }
  return (
    <Badge icon={CircleCheck} tone="ok">
      On
    </Badge>
  );
}
