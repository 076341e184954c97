import { Plus, X } from "lucide-react";
import { uniqueWord } from "@/format/unique";
import { Button } from "@/ui/button";
import { IconButton } from "@/ui/icon-button";
import { Input } from "@/ui/input";
import type { CustomText } from "./custom";

const FIELDS_MAX = 100;

interface CustomFieldsProps {
  fields: readonly CustomText[];
  onChange: (fields: CustomText[]) => void;
  error?: string;
}

/** The organisation's own fields, to be filled in. */
export function CustomFields({ fields, onChange, error }: CustomFieldsProps) {
  const set = (key: string, some: Partial<CustomText>) =>
    onChange(fields.map((field) => (field.key === key ? { ...field, ...some } : field)));
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1 text-sm font-medium">Custom fields</legend>
      {fields.map(({ key, name, value }, index) => (
        <div key={key} className="grid grid-cols-[minmax(0,2fr)_minmax(0,3fr)_auto] gap-2">
          <Input
            aria-label={`Name of field ${index + 1}`}
            placeholder="Name"
            maxLength={200}
            value={name}
            onChange={(event) => set(key, { name: event.target.value })}
          />
          <Input
            aria-label={`Value of ${name || `field ${index + 1}`}`}
            placeholder="Value"
            value={value}
            onChange={(event) => set(key, { value: event.target.value })}
          />
          <IconButton
            label={`Remove ${name || `field ${index + 1}`}`}
            icon={<X />}
            onClick={() => onChange(fields.filter((field) => field.key !== key))}
          />
        </div>
      ))}
      {error && (
        <p role="alert" className="text-xs text-bad">
          {error}
        </p>
      )}
      {fields.length < FIELDS_MAX && (
        <div>
          <Button
            size="small"
            icon={<Plus />}
            onClick={() => onChange([...fields, { key: uniqueWord(), name: "", value: "" }])}
          >
            Add a field
          </Button>
        </div>
      )}
    </fieldset>
  );
}
