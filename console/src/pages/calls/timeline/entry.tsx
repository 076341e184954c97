import { ArrowRight, Braces } from "lucide-react";
import { useState } from "react";
import { ianaOf } from "@/format/time";
import { useZone } from "@/format/use-zone";
import { Badge } from "@/ui/badge";
import { cx } from "@/ui/cx";
import { IconButton } from "@/ui/icon-button";
import { JsonView } from "@/ui/json-view";
import { toneClass } from "@/ui/tone";
import { wordOf } from "@/words/words";
import { gapText } from "./compact";
import { commandText, eventText, ignoredText } from "./event-text";
import { lookOf } from "./look";
import type { Names } from "./names";
import { commandsOf, eventOf, spaced, type TimelineEntry } from "./stored";

interface EntryProps {
  entry: TimelineEntry;
  /** Since the line before. */
  gapMs: number;
  names: Names;
}

/** A pause this long deserves to be seen. */
const LONG_GAP_MS = 10_000;

/** One thing that happened to a call: what, when, what came of it, and how it is stored. */
export function Entry({ entry, gapMs, names }: EntryProps) {
  const [isRaw, setRaw] = useState(false);
  const { icon: Icon, tone } = lookOf(entry);
  const isIgnored = entry.ignored != null;
  return (
    <li className="relative flex flex-wrap gap-x-3 gap-y-1.5 pb-3 last:pb-0">
      <span
        aria-hidden
        className={cx(
          "z-10 flex size-6 shrink-0 items-center justify-center rounded-full",
          isIgnored ? "border border-dashed border-control bg-surface text-faint" : toneClass[tone],
        )}
      >
        <Icon className="size-3.5" />
      </span>
      <div className="min-w-0 flex-1 basis-0">
        <div className="flex flex-wrap items-baseline gap-x-2 gap-y-0.5">
          <span
            className={cx(
              "min-w-0 break-words",
              isIgnored ? "text-muted line-through decoration-dotted" : "font-medium",
            )}
          >
            {eventText(eventOf(entry), names)}
          </span>
          {isIgnored && (
            <Badge icon={lookOf(entry).icon} className="self-center">
              {`Ignored: ${spaced(entry.ignored ?? "")}`}
            </Badge>
          )}
          {entry.from_state !== entry.to_state && (
            <span className="inline-flex items-center gap-1 text-xs text-muted">
              <ArrowRight aria-hidden className="size-3" />
              <span className="sr-only">Now: </span>
              {wordOf("callState", entry.to_state).label}
            </span>
          )}
        </div>
        {isIgnored && <p className="text-xs text-muted">{ignoredText(entry.ignored ?? "")}</p>}
        {commandsOf(entry).length > 0 && (
          <ul aria-label="What the call then wants done" className="text-xs text-muted">
            {commandsOf(entry).map((command) => (
              <li key={JSON.stringify(command)}>→ {commandText(command, names)}</li>
            ))}
          </ul>
        )}
      </div>
      <div className="flex shrink-0 items-start gap-1.5">
        <div className="flex flex-col items-end text-xs tabular-nums">
          <ClockTime at={entry.at} />
          <span className={gapMs >= LONG_GAP_MS ? "font-medium text-warn" : "text-muted"}>
            <span className="sr-only">after </span>+{gapText(gapMs)}
          </span>
        </div>
        <IconButton
          label={isRaw ? "Hide the raw entry" : "Show the raw entry"}
          icon={<Braces />}
          aria-expanded={isRaw}
          onClick={() => setRaw(!isRaw)}
          className="-my-1"
        />
      </div>
      {isRaw && (
        <div className="mb-1 ml-9 min-w-0 basis-full">
          <JsonView value={entry} />
        </div>
      )}
    </li>
  );
}

/** To the millisecond: what happens to a call does so fast. */
function ClockTime({ at }: { at: string }) {
  const { zone } = useZone();
  const text = new Intl.DateTimeFormat("en-GB", {
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    fractionalSecondDigits: 3,
    timeZone: ianaOf(zone),
  }).format(new Date(at));
  return <time dateTime={at}>{text}</time>;
}
