import { CopyButton } from "./copy-button";

/** Something as it came, to be read and copied. */
export function JsonView({ value }: { value: unknown }) {
  const text = JSON.stringify(value, null, 2);
  return (
    <div className="max-h-80 overflow-auto rounded-md border border-line bg-sunken">
      {/* Inside what scrolls, so that keys reach it. */}
      <CopyButton text={text} size="small" className="sticky top-2 float-right m-2" />
      <pre className="p-3 font-mono text-xs">{text}</pre>
    </div>
  );
}
