import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { audioQuery } from "@/api/audio";
import { wordDuration } from "@/format/duration";
import { Field } from "@/ui/field";
import { Select } from "@/ui/select";

interface AudioFieldProps {
  label: string;
  /** The id of an audio file; empty for none. */
  value: string;
  onChange: (id: string) => void;
  error: string | undefined;
  /** From when on it is said that the file is long. */
  longFrom_s?: number;
  className?: string;
}

/** What stands for no file: the empty text is no value of a select. */
const NONE = "none";

/** An audio file that is played instead of a text, if one is chosen. */
export function AudioField({ label, value, onChange, error, longFrom_s, className }: AudioFieldProps) {
  const { data: files, isSuccess } = useQuery(audioQuery);
  const chosen = files?.find((file) => file.id === value);
  const length_s = (chosen?.duration_ms ?? 0) / 1000;
  if (isSuccess && files.length === 0 && value === "")
    return (
      <p className={`text-xs text-muted ${className ?? ""}`}>
        {label}: upload a wav or mp3 file in the{" "}
        <Link to="/settings/$section" params={{ section: "audio" }} className="underline">
          settings
        </Link>{" "}
        and choose it here.
      </p>
    );
  const options = (files ?? []).map((file) => ({
    value: file.id,
    label: file.name,
    hint: wordDuration(file.duration_ms / 1000),
  }));
  return (
    <Field
      label={label}
      className={className}
      error={error}
      hint={
        longFrom_s !== undefined && length_s > longFrom_s
          ? `It lasts ${wordDuration(length_s)}: whoever picks up waits that long.`
          : "With a file, the text above is not spoken."
      }
    >
      <Select
        value={value || NONE}
        onChange={(id) => onChange(id === NONE ? "" : id)}
        options={[
          { value: NONE, label: "No file: the text is spoken" },
          ...(value && !chosen ? [{ value, label: "The file that was chosen" }] : []),
          ...options,
        ]}
      />
    </Field>
  );
}
