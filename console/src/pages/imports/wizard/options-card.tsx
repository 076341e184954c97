import { CountrySelect } from "@/places/country-select";
import { Card } from "@/ui/card";
import { Checkbox } from "@/ui/checkbox";
import { Field } from "@/ui/field";
import { RadioGroup } from "@/ui/radio-group";
import type { Option } from "@/ui/select";
import type { Duplicates } from "../upload";
import type { Wizard } from "./use-wizard";

export const duplicatesOptions: Option<Duplicates>[] = [
  { value: "skip", label: "Skip the row", hint: "The lead that is known stays as it is." },
  {
    value: "update_blanks",
    label: "Fill in blanks",
    hint: "What is not known of the lead yet is taken from the row.",
  },
  {
    value: "overwrite",
    label: "Overwrite",
    hint: "What the row says replaces what is known of the lead.",
  },
];

/** How the file is to be read. */
export function OptionsCard({ wizard }: { wizard: Wizard }) {
  const { options, country, setOptions } = wizard;
  return (
    <Card title="4. Options">
      <div className="grid gap-6 md:grid-cols-2">
        <Field
          label="Country of numbers without a country code"
          hint={
            options.country === undefined || options.country === wizard.campaign?.default_country
              ? "The campaign's own. A country column of the file goes before."
              : "A country column of the file goes before."
          }
        >
          <CountrySelect value={country} onChange={(code) => setOptions({ country: code })} />
        </Field>
        <div className="flex flex-col gap-3">
          <p id="duplicates" className="text-sm font-medium">
            When a number is known already
          </p>
          <RadioGroup
            aria-label="When a number is known already"
            value={options.duplicates}
            onChange={(duplicates) => setOptions({ duplicates })}
            options={duplicatesOptions}
          />
          <Checkbox
            checked={options.acrossCampaigns}
            onChange={(acrossCampaigns) => setOptions({ acrossCampaigns })}
            label="Look for the number in all campaigns"
            hint="Without this, only in the campaign that the leads are for."
          />
        </div>
      </div>
    </Card>
  );
}
