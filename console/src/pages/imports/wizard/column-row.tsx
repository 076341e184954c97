import { CircleCheck } from "lucide-react";
import { Input } from "@/ui/input";
import { type Option, Select } from "@/ui/select";
import type { Ground } from "../mapping/auto-match";
import { FIELDS, type Field, fieldLabels } from "../mapping/field-names";
import { isNameable } from "../mapping/pairs";
import { customName, customTarget, isCustom, type Target } from "../mapping/target";

const SAMPLES = 3;
const CUSTOM = "custom";

const grounds: Record<Ground, string> = {
  name: "Known by its name",
  values: "Known by its values",
  both: "Known by its name and values",
};

interface ColumnRowProps {
  column: number;
  name: string;
  header: readonly string[];
  targets: readonly Target[];
  /** Why it was matched, if it was. */
  ground: Ground | undefined;
  samples: readonly string[];
  onChange: (target: Target) => void;
}

/** One column: its name, some of what stands in it, and what it is used for. */
export function ColumnRow({ column, name, header, targets, ground, samples, onChange }: ColumnRowProps) {
  const target = targets[column] ?? "ignore";
  const title = name || `Column ${column + 1}, without a name`;
  const shown = [...new Set(samples.map((sample) => sample.trim()).filter(Boolean))].slice(0, SAMPLES);
  return (
    <li className="grid gap-x-4 gap-y-2 px-4 py-2.5 md:grid-cols-[minmax(0,1fr)_13rem_13rem] md:items-center">
      <div className="min-w-0">
        <p className="font-medium break-words">{title}</p>
        <p className="truncate text-xs text-muted">{shown.length > 0 ? shown.join(" · ") : "Empty here"}</p>
      </div>
      {isNameable(header, column) ? (
        <>
          <Select
            aria-label={`Use ${title} as`}
            value={isCustom(target) ? CUSTOM : target}
            options={choices(header, targets, column)}
            onChange={(chosen) => onChange(chosen === CUSTOM ? customTarget(name) : (chosen as Target))}
          />
          {isCustom(target) ? (
            <Input
              aria-label={`Keep ${title} under the name`}
              value={customName(target)}
              maxLength={200}
              onChange={(event) => onChange(customTarget(event.target.value))}
            />
          ) : (
            <p className="flex items-center gap-1.5 text-xs text-muted">
              {ground && target !== "ignore" && (
                <>
                  <CircleCheck aria-hidden className="size-3.5 text-ok" />
                  {grounds[ground]}
                </>
              )}
            </p>
          )}
        </>
      ) : (
        <p className="text-xs text-muted md:col-span-2">
          Kept as it is. To say what it means, give it a name of its own in the file.
        </p>
      )}
    </li>
  );
}

function choices(header: readonly string[], targets: readonly Target[], column: number): Option[] {
  const fields = FIELDS.map((field: Field) => {
    const user = targets.indexOf(field);
    return {
      value: field,
      label: field === "phone" ? `${fieldLabels.phone} (required)` : fieldLabels[field],
      ...(user !== -1 && user !== column && { hint: `Now ${header[user] || `column ${user + 1}`}` }),
    };
  });
  return [
    ...fields,
    { value: CUSTOM, label: "Keep as a custom field" },
    { value: "ignore", label: "Ignore" },
  ];
}
