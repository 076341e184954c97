import { X } from "lucide-react";
import { useState } from "react";
import { fieldError } from "@/api/problem";
import type { Schema } from "@/api/types";
import { countryText } from "@/places/countries";
import { CountrySelect } from "@/places/country-select";
import { Callout } from "@/ui/callout";
import { Field } from "@/ui/field";
import { RadioGroup } from "@/ui/radio-group";
import { FormDialog } from "../parts/form-dialog";
import { useSaveLimits } from "./use-save-limits";

interface CountriesDialogProps {
  limits: Schema<"Limits">;
  onClose: () => void;
}

export function CountriesDialog({ limits, onClose }: CountriesDialogProps) {
  const [which, setWhich] = useState<"all" | "some">(limits.allowed_countries == null ? "all" : "some");
  const [codes, setCodes] = useState<string[]>(limits.allowed_countries ?? []);
  const save = useSaveLimits(onClose);
  return (
    <FormDialog
      title="Countries that are called"
      description="Numbers of other countries are not dialed, whatever a campaign says."
      submit="Save countries"
      busy={save.isPending}
      error={save.error}
      onSubmit={() => save.mutate({ allowed_countries: which === "all" ? null : codes })}
      onClose={onClose}
    >
      <RadioGroup
        aria-label="Which countries"
        value={which}
        onChange={setWhich}
        options={[
          { value: "some", label: "Only these", hint: "The safer choice: calls abroad can be costly." },
          { value: "all", label: "All countries" },
        ]}
      />
      {which === "some" && (
        <>
          <Field label="Add a country" error={fieldError(save.error, "allowed_countries")}>
            <CountrySelect
              value={undefined}
              onChange={(code) => setCodes((was) => (was.includes(code) ? was : [...was, code].toSorted()))}
            />
          </Field>
          {codes.length === 0 ? (
            <Callout tone="warn">No country is listed: nobody would be called.</Callout>
          ) : (
            <ul aria-label="Countries" className="flex flex-wrap gap-1.5">
              {codes.map((code) => (
                <li key={code} className="flex items-center gap-1 rounded bg-sunken pl-2">
                  {countryText(code)}
                  <button
                    type="button"
                    aria-label={`Take ${countryText(code)} out`}
                    onClick={() => setCodes((was) => was.filter((one) => one !== code))}
                    className="flex size-6 items-center justify-center rounded text-muted hover:bg-hover hover:text-text"
                  >
                    <X aria-hidden className="size-3.5" />
                  </button>
                </li>
              ))}
            </ul>
          )}
        </>
      )}
    </FormDialog>
  );
}
