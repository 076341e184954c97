import { useQuery } from "@tanstack/react-query";
import { Callout } from "@/ui/callout";
import { CopyId } from "@/ui/copy-id";
import { PhoneNumber } from "@/ui/values";
import type { Agent } from "./desk";
import { softphoneQuery } from "./softphone";

/** Says where calls ring, to an agent who takes them in the browser. */
export function SoftphoneNotice({ agent }: { agent: Agent }) {
  const { data: softphone } = useQuery(softphoneQuery);
  if (softphone === undefined) return null;
  if (softphone === null)
    return (
      <Callout tone="warn" title="No softphone is configured">
        You take calls in the browser, but the account that calls are placed on lets no softphones in. Your
        phone <PhoneNumber phone={agent.phone} /> is called instead, until whoever runs the account gives it
        an API key.
      </Callout>
    );
  return (
    <Callout title="Calls ring in your softphone">
      This page is no telephone. Keep the program open that takes calls as{" "}
      <CopyId id={softphone.identity} full />; while it is closed, you miss them.
    </Callout>
  );
}
