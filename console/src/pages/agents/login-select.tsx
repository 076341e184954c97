import { useQuery } from "@tanstack/react-query";
import { Combobox } from "@/ui/combobox";
import { Field } from "@/ui/field";
import { usersQuery } from "./users";

const NOBODY = "nobody";

interface LoginSelectProps {
  value: string;
  onChange: (id: string) => void;
  error: string | undefined;
}

/** The person who logs in as this agent. */
export function LoginSelect({ value, onChange, error }: LoginSelectProps) {
  const { data: users = [] } = useQuery(usersQuery);
  const options = [
    { value: NOBODY, label: "Nobody" },
    ...users
      .filter((user) => user.enabled || user.id === value)
      .map((user) => ({ value: user.id, label: user.name || user.email, hint: user.email })),
  ];
  return (
    <Field
      label="Login"
      error={error}
      hint="Whoever logs in with it finds the desk, and takes the calls there."
    >
      <Combobox
        value={value || NOBODY}
        onChange={(chosen) => onChange(chosen === NOBODY ? "" : chosen)}
        options={options}
      />
    </Field>
  );
}
