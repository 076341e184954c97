import { Headset } from "lucide-react";
import { useMay } from "@/auth/me";
import { EmptyState } from "@/ui/empty-state";
import { BecomeAgent } from "./become-agent";

/** For whoever takes no calls. */
export function NoAgent() {
  const mayManage = useMay("manager");
  return mayManage ? (
    <BecomeAgent />
  ) : (
    <EmptyState icon={Headset} title="You are not set up to take calls yet">
      Your login belongs to no agent. Ask who manages your team to add you with your telephone number: this
      page then shows your calls by itself.
    </EmptyState>
  );
}
