import { FileSpreadsheet, Upload } from "lucide-react";
import { useId, useState } from "react";
import { bytesText } from "@/format/bytes";
import { buttonClass } from "@/ui/button";
import { cx } from "@/ui/cx";
import { TemplateButton } from "../template-button";

interface FileDropProps {
  file: File | undefined;
  /** What was found in it: "UTF-8, separated by commas". */
  found?: string;
  onFile: (file: File) => void;
}

/** Where a file is dropped or chosen. */
export function FileDrop({ file, found, onFile }: FileDropProps) {
  const id = useId();
  const [isOver, setOver] = useState(false);
  const Icon = file ? FileSpreadsheet : Upload;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is for the mouse; the input below is for everybody
    <div
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        const dropped = event.dataTransfer.files[0];
        if (dropped) onFile(dropped);
      }}
      className={cx(
        "flex flex-wrap items-center gap-x-4 gap-y-3 rounded-lg border border-dashed px-4",
        file ? "py-3" : "justify-center py-10 text-center",
        isOver ? "border-accent bg-accent-soft" : "border-control bg-sunken",
      )}
    >
      <div className={cx("flex min-w-0 items-center gap-3", !file && "w-full flex-col")}>
        <Icon aria-hidden className="size-5 shrink-0 text-muted" />
        <div className="min-w-0">
          <p className="font-medium break-words">{file ? file.name : "Drop a CSV file here"}</p>
          <p className="text-xs text-muted">
            {file
              ? [bytesText(file.size), found].filter(Boolean).join(" · ")
              : "With a line of column names; commas, semicolons, tabs or bars; up to 1 GB"}
          </p>
        </div>
      </div>
      <div className={cx("flex flex-wrap gap-2", file ? "ml-auto" : "justify-center")}>
        <input
          id={id}
          type="file"
          accept=".csv,.tsv,.txt,text/csv,text/plain,text/tab-separated-values"
          className="peer sr-only"
          onChange={(event) => {
            const chosen = event.target.files?.[0];
            if (chosen) onFile(chosen);
            // The same file, mended, can be chosen again.
            event.target.value = "";
          }}
        />
        <label
          htmlFor={id}
          className={cx(
            buttonClass(file ? "secondary" : "primary"),
            "cursor-pointer peer-focus-visible:outline-2 peer-focus-visible:outline-offset-2 peer-focus-visible:outline-accent",
          )}
        >
          {file ? "Choose another" : "Choose a file"}
        </label>
        {!file && <TemplateButton />}
      </div>
    </div>
  );
}
