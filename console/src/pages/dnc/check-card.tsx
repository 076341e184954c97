import { useQuery } from "@tanstack/react-query";
import { CircleCheck, ShieldOff } from "lucide-react";
import type { ReactNode } from "react";
import { api, data } from "@/api/client";
import { keys } from "@/api/keys";
import { fieldError } from "@/api/problem";
import type { Schema } from "@/api/types";
import { e164Hint, e164Of } from "@/format/e164";
import { phoneText } from "@/format/phone";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { ErrorBox } from "@/ui/error-box";
import { Field } from "@/ui/field";
import { formValues } from "@/ui/form-values";
import { Input } from "@/ui/input";
import { Skeleton } from "@/ui/skeleton";
import { Time } from "@/ui/time";
import { sourceText } from "./source-text";

interface CheckCardProps {
  /** The number that is asked about; stands in the address. */
  phone: string | undefined;
  onCheck: (phone: string | undefined) => void;
  onAdd: (phone: string) => void;
  onRemove: (phone: string) => void;
}

/** Whether one number is on the list. */
export function CheckCard({ phone, onCheck, onAdd, onRemove }: CheckCardProps) {
  const number = phone === undefined ? undefined : e164Of(phone);
  const check = useQuery({
    queryKey: [keys.dnc, "check", number],
    queryFn: () => data(api.GET("/api/dnc/check", { params: { query: { phone: number ?? "" } } })),
    enabled: number !== undefined,
  });
  const refused = fieldError(check.error, "phone");
  return (
    <Card title="Check a number">
      <form
        className="flex items-start gap-2"
        onSubmit={(event) => onCheck(formValues(event, "phone").phone.trim() || undefined)}
      >
        <Field
          label="Number"
          hint={e164Hint}
          error={phone !== undefined && !number ? "It cannot be read as a number." : refused}
          className="min-w-0 flex-1 sm:max-w-96"
        >
          <Input key={phone} type="tel" name="phone" defaultValue={phone} />
        </Field>
        <Button type="submit" className="mt-6">
          Check
        </Button>
      </form>
      <div aria-live="polite">
        {number &&
          (check.data ? (
            <Answer check={check.data} onAdd={onAdd} onRemove={onRemove} />
          ) : check.isError ? (
            !refused && <ErrorBox error={check.error} onRetry={() => void check.refetch()} />
          ) : (
            <Skeleton className="mt-3 h-5 w-64" />
          ))}
      </div>
    </Card>
  );
}

interface AnswerProps extends Pick<CheckCardProps, "onAdd" | "onRemove"> {
  check: Schema<"Check">;
}

function Answer({ check, onAdd, onRemove }: AnswerProps) {
  const shown = <span className="font-medium tabular-nums">{phoneText(check.phone)}</span>;
  if (!check.listed)
    return (
      <Line icon={<CircleCheck aria-hidden className="size-4 text-ok" />}>
        <span>{shown} is not on the list.</span>
        <Button size="small" onClick={() => onAdd(check.phone)}>
          Add it
        </Button>
      </Line>
    );
  return (
    <Line icon={<ShieldOff aria-hidden className="size-4 text-bad" />}>
      <span>
        {shown} is on the list
        {check.entry && (
          <>
            , since <Time at={check.entry.added_at} />: {check.entry.reason || sourceText(check.entry.source)}
          </>
        )}
        .
      </span>
      {check.entry?.phone && (
        <Button size="small" onClick={() => onRemove(check.phone)}>
          Remove it
        </Button>
      )}
    </Line>
  );
}

function Line({ icon, children }: { icon: ReactNode; children: ReactNode }) {
  return (
    <div className="mt-3 flex flex-wrap items-center gap-2">
      {icon}
      {children}
    </div>
  );
}
