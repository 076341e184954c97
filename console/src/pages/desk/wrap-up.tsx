import { useMutation } from "@tanstack/react-query";
import { Check, PencilLine } from "lucide-react";
import { useEffect, useState } from "react";
import { toast } from "sonner";
import { api, data, once } from "@/api/client";
import { useOnceKey } from "@/api/once-key";
import { asProblem, sentence } from "@/api/problem";
import type { Schema } from "@/api/types";
import { serverNow } from "@/live/browser";
import { useShortcuts } from "@/shortcuts/use-shortcuts";
import { Button } from "@/ui/button";
import { Checkbox } from "@/ui/checkbox";
import { cx } from "@/ui/cx";
import { Kbd } from "@/ui/kbd";
import { Duration } from "@/ui/values";
import type { Autosave } from "./autosave";
import { Callback } from "./callback";
import { type CallbackDraft, callbackAt, instantOf, problemOf } from "./callback-draft";
import { Countdown } from "./countdown";
import { type DeskCall, leadName } from "./desk";
import { RESULTS, type Result } from "./results";
import { useReread } from "./use-desk";

/** So long before the time is over, what was chosen is sent: nobody's choice is lost for a click. */
const SENT_BEFORE_MS = 1_500;

/** What came of a call. */
export function WrapUp({ call, notes }: { call: DeskCall; notes: Autosave }) {
  const [result, setResult] = useState<Result["disposition"]>();
  const [callback, setCallback] = useState<CallbackDraft | null>(null);
  const reread = useReread();
  const key = useOnceKey();

  const finish = useMutation({
    mutationFn: async (body: Schema<"WriteUp">) => {
      await notes.flush();
      return data(
        api.POST("/api/calls/{call_id}/disposition", {
          params: { path: { call_id: call.id }, header: once(key(body)) },
          body,
        }),
      );
    },
    meta: { quiet: true },
    onSuccess: () => toast.success(`Done with ${leadName(call)}`),
    onSettled: reread,
  });

  const mayCallBack = result !== "do_not_call";
  const wanted = mayCallBack ? callback : null;
  const problem = wanted ? problemOf(wanted, serverNow()) : undefined;
  const isReady = result !== undefined && !problem && !finish.isPending && !finish.isSuccess;
  const submit = () => {
    if (!isReady) return;
    finish.mutate({
      disposition: result,
      ...(wanted && { call_back_at: instantOf(wanted)?.toISOString() }),
    });
  };
  useBeforeTheEnd(call.ends_at, submit);

  useShortcuts([
    ...RESULTS.map(({ disposition, label }, index) => ({
      keys: String(index + 1),
      label,
      group: "Result of the call",
      run: () => setResult(disposition),
    })),
    { keys: "mod+enter", label: "Finish the call", group: "Result of the call", run: submit },
  ]);

  return (
    <section
      aria-label="Result of the call"
      className="flex flex-col gap-4 rounded-lg border-2 border-warn bg-surface p-5"
    >
      <header className="flex flex-wrap items-center gap-x-4 gap-y-2">
        {call.ends_at ? (
          <Countdown from={call.stage_since} until={call.ends_at} label="Time left to write up" />
        ) : (
          <PencilLine aria-hidden className="size-6 text-warn" />
        )}
        <div className="min-w-0 flex-1">
          <h2 className="text-lg font-semibold break-words">What came of {leadName(call)}?</h2>
          <p className="text-muted">
            The call is over after <Duration seconds={call.talk_s} />.{" "}
            {result
              ? "What you chose is sent by itself when the time is over."
              : "When the time is over, it counts as answered."}
          </p>
        </div>
      </header>
      <div
        role="radiogroup"
        aria-label="Result"
        className="grid grid-cols-2 gap-2 sm:grid-cols-3 xl:grid-cols-6"
      >
        {RESULTS.map((choice, index) => (
          <ResultButton
            key={choice.disposition}
            choice={choice}
            digit={index + 1}
            isChosen={choice.disposition === result}
            onChoose={() => setResult(choice.disposition)}
          />
        ))}
      </div>
      {result === "do_not_call" && (
        <p className="text-bad">
          The number goes on the do-not-call list: nobody here calls {leadName(call)} again.
        </p>
      )}
      {mayCallBack && (
        <Checkbox
          label="Call them back at a time they asked for"
          checked={callback !== null}
          onChange={(isOn) => setCallback(isOn ? callbackAt(call.lead.time_zones, serverNow()) : null)}
        />
      )}
      {wanted && <Callback draft={wanted} zones={call.lead.time_zones} onChange={setCallback} />}
      {finish.isError && (
        <p role="alert" className="text-bad">
          {sentence(asProblem(finish.error).detail)}
        </p>
      )}
      <div>
        <Button
          look="primary"
          className="h-10 px-5"
          icon={<Check />}
          disabled={!isReady}
          busy={finish.isPending}
          onClick={submit}
        >
          Finish <Kbd keys="mod+enter" onDark />
        </Button>
      </div>
    </section>
  );
}

interface ResultButtonProps {
  choice: Result;
  digit: number;
  isChosen: boolean;
  onChoose: () => void;
}

function ResultButton({ choice, digit, isChosen, onChoose }: ResultButtonProps) {
  const { label, icon: Icon, disposition } = choice;
  return (
    // biome-ignore lint/a11y/useSemanticElements: they are chosen by digits, too, and look like keys
    <button
      type="button"
      role="radio"
      aria-checked={isChosen}
      onClick={onChoose}
      className={cx(
        "flex min-h-11 items-center gap-2 rounded-md border px-3 py-2 text-left font-medium",
        isChosen ? "border-accent bg-accent-soft text-accent-text" : "border-control hover:bg-hover",
        !isChosen && disposition === "do_not_call" && "text-bad",
      )}
    >
      <Icon aria-hidden className="size-4 shrink-0" />
      <span className="flex-1">{label}</span>
      <Kbd keys={String(digit)} />
    </button>
  );
}

/** Does something shortly before a moment on the server's clock. */
function useBeforeTheEnd(endsAt: string | null | undefined, act: () => void): void {
  const [isDue, setDue] = useState(false);
  useEffect(() => {
    if (!endsAt) return;
    const wait = Date.parse(endsAt) - SENT_BEFORE_MS - serverNow();
    const timer = setTimeout(() => setDue(true), Math.max(0, wait));
    return () => clearTimeout(timer);
  }, [endsAt]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, with what stands there at that moment
  useEffect(() => {
    if (isDue) act();
  }, [isDue]);
}
