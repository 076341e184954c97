import { fieldError } from "@/api/problem";
import type { Schema } from "@/api/types";
import { useMay } from "@/auth/me";
import { Callout } from "@/ui/callout";
import { Field } from "@/ui/field";
import { formValues } from "@/ui/form-values";
import { Input } from "@/ui/input";
import { FormDialog } from "../parts/form-dialog";
import { useSaveLimits } from "./use-save-limits";

interface CapsDialogProps {
  limits: Schema<"Limits">;
  onClose: () => void;
}

export function CapsDialog({ limits, onClose }: CapsDialogProps) {
  const mayRaise = useMay("admin");
  const save = useSaveLimits(onClose);
  return (
    <FormDialog
      title="Change the spend caps"
      submit="Save caps"
      busy={save.isPending}
      error={save.error}
      onSubmit={(event) => {
        const { daily, monthly } = formValues(event, "daily", "monthly");
        save.mutate({ daily_spend_cap: capOf(daily), monthly_spend_cap: capOf(monthly) });
      }}
      onClose={onClose}
    >
      <Callout tone="warn">
        A lower cap takes effect within seconds. When it is reached, nobody is dialed and live calls end.
        {!mayRaise && " Once set, only an operator of the installation can raise or lift it."}
      </Callout>
      <Field
        label="At most a day, in US dollars"
        hint="By UTC. Empty for no cap."
        error={fieldError(save.error, "daily_spend_cap")}
      >
        <Input
          name="daily"
          inputMode="decimal"
          defaultValue={limits.daily_spend_cap ?? ""}
          placeholder="50.00"
        />
      </Field>
      <Field
        label="At most a month, in US dollars"
        hint="Empty for no cap."
        error={fieldError(save.error, "monthly_spend_cap")}
      >
        <Input
          name="monthly"
          inputMode="decimal"
          defaultValue={limits.monthly_spend_cap ?? ""}
          placeholder="900.00"
        />
      </Field>
    </FormDialog>
  );
}

function capOf(text: string): string | null {
  return text.trim() === "" ? null : text.trim().replace(/^\$/, "");
}
