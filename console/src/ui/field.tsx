import { createContext, type ReactNode, useContext, useId, useMemo } from "react";
import { cx } from "./cx";

/** What ties a control to the words around it. */
export interface FieldLink {
  id: string;
  "aria-describedby"?: string;
  "aria-invalid"?: true;
  "aria-required"?: true;
}

const Link = createContext<FieldLink | null>(null);

/** The attributes of the control inside a `Field`; what is given wins. */
export function useField<Given extends object>(given: Given): Given & Partial<FieldLink> {
  return { ...useContext(Link), ...given };
}

interface FieldProps {
  label: ReactNode;
  hint?: ReactNode;
  error?: string;
  required?: boolean;
  /** Shown at the right of the label, for example a counter or a link. */
  aside?: ReactNode;
  className?: string;
  /** One control of this kit; it finds its label, hint and error by itself. */
  children: ReactNode;
}

export function Field({ label, hint, error, required, aside, className, children }: FieldProps) {
  const id = useId();
  const describedBy = cx(error ? `${id}-error` : null, hint ? `${id}-hint` : null);
  const isWrong = Boolean(error);
  const link = useMemo<FieldLink>(
    () => ({
      id,
      ...(describedBy && { "aria-describedby": describedBy }),
      ...(isWrong && { "aria-invalid": true }),
      ...(required && { "aria-required": true }),
    }),
    [id, describedBy, isWrong, required],
  );
  return (
    <div className={cx("flex flex-col gap-1", className)}>
      <div className="flex items-baseline justify-between gap-2">
        <label htmlFor={id} className="text-sm font-medium">
          {label}
          {required && (
            <span aria-hidden className="ml-0.5 text-bad">
              *
            </span>
          )}
        </label>
        {aside && <span className="text-xs text-muted">{aside}</span>}
      </div>
      <Link value={link}>{children}</Link>
      {error && (
        <p id={`${id}-error`} className="text-xs text-bad">
          {error}
        </p>
      )}
      {hint && (
        <p id={`${id}-hint`} className="text-xs text-muted">
          {hint}
        </p>
      )}
    </div>
  );
}
