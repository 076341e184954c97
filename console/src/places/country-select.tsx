import { useMemo } from "react";
import { Combobox } from "@/ui/combobox";
import { countryOptions } from "./countries";

interface CountrySelectProps {
  /** ISO 3166. */
  value: string | undefined;
  onChange: (code: string) => void;
  disabled?: boolean;
}

export function CountrySelect(props: CountrySelectProps) {
  const options = useMemo(countryOptions, []);
  return <Combobox {...props} options={options} />;
}
