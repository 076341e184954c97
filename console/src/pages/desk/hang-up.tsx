import { PhoneOff } from "lucide-react";
import { useEffect, useState } from "react";
import { useHangUp } from "@/api/hang-up";
import { useShortcuts } from "@/shortcuts/use-shortcuts";
import { Button } from "@/ui/button";
import { Kbd } from "@/ui/kbd";
import { useReread } from "./use-desk";

const MEANT_WITHIN_MS = 3_000;

/** Ends the call, when pressed twice. */
export function HangUp({ callId }: { callId: string }) {
  const [isArmed, setArmed] = useState(false);
  const reread = useReread();
  const hangUp = useHangUp({ onSettled: reread });
  useEffect(() => {
    if (!isArmed) return;
    const timer = setTimeout(() => setArmed(false), MEANT_WITHIN_MS);
    return () => clearTimeout(timer);
  }, [isArmed]);

  const press = () => {
    if (hangUp.isPending || hangUp.isSuccess) return;
    setArmed(!isArmed);
    if (isArmed) hangUp.mutate(callId);
  };
  useShortcuts([{ keys: "h", label: "Hang up (press twice)", group: "Call", run: press }]);
  return (
    <Button
      look="danger"
      className="h-11 px-5 max-sm:w-full"
      icon={<PhoneOff />}
      busy={hangUp.isPending || hangUp.isSuccess}
      onClick={press}
    >
      {hangUp.isPending || hangUp.isSuccess ? "Hanging up" : isArmed ? "Once more to hang up" : "Hang up"}{" "}
      <Kbd keys="H" onDark />
    </Button>
  );
}
