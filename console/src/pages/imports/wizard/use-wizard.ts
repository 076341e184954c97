import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { campaignNamesQuery } from "@/api/campaign-names";
import { checkRows } from "../check/row";
import { type CsvHead, readHead } from "../csv/csv-file";
import { dryRunOf } from "../dry-run";
import { autoMatch, type Ground, type Match } from "../mapping/auto-match";
import { applyPairs, assign, mappingFault, type Pairs, pairsOf } from "../mapping/pairs";
import type { Target } from "../mapping/target";
import type { Duplicates, UploadTerms } from "../upload";
import { useRepeated } from "./use-repeated";

/** A file that was chosen, as far as it was read. */
export interface Source {
  file: File;
  head: CsvHead;
}

export interface Options {
  /** Undefined for the campaign's own. */
  country?: string;
  duplicates: Duplicates;
  acrossCampaigns: boolean;
}

const USUAL_COUNTRY = "US";

/** All that is settled on the way to an upload. */
export function useWizard(campaignId: string | undefined, repeat: string | undefined) {
  const kept = dryRunOf(repeat);
  const repeated = useRepeated(kept ? undefined : repeat);
  const [source, setSource] = useState<Source>();
  const [targets, setTargets] = useState<Target[]>([]);
  const [matches, setMatches] = useState<Match[]>([]);
  const [missing, setMissing] = useState<string[]>([]);
  const [fault, setFault] = useState<Error>();
  const [isReading, setReading] = useState(false);
  const [chosen, setChosen] = useState<Partial<Options>>({});

  const { data: campaigns } = useQuery(campaignNamesQuery);
  const campaign = campaigns?.find(({ id }) => id === campaignId);
  const earlier = kept?.terms ?? repeated;
  const options: Options = {
    country: chosen.country ?? earlier?.default_country,
    duplicates: chosen.duplicates ?? earlier?.duplicates ?? "skip",
    acrossCampaigns: chosen.acrossCampaigns ?? earlier?.across_campaigns ?? false,
  };
  const country = options.country ?? campaign?.default_country ?? USUAL_COUNTRY;

  const choose = async (file: File, keep?: { targets: Target[] }) => {
    setReading(true);
    setFault(undefined);
    try {
      const head = await readHead(file);
      const found = autoMatch(head.header, head.rows, country);
      const matched = found.map(({ target }) => target);
      const laid = repeated?.mapping
        ? applyPairs(head.header, matched, repeated.mapping)
        : { targets: matched, missing: [] };
      setSource({ file, head });
      setTargets(keep?.targets ?? laid.targets);
      setMatches(found);
      setMissing(laid.missing);
    } catch (error) {
      setSource(undefined);
      setFault(error instanceof Error ? error : new Error(String(error)));
    } finally {
      setReading(false);
    }
  };

  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the page is opened
  useEffect(() => {
    if (kept) void choose(kept.file, { targets: kept.targets });
  }, []);

  const checks = useMemo(() => {
    if (!source) return [];
    const { header, rows } = source.head;
    return checkRows(rows, { targets, columns: header.length, defaultCountry: country });
  }, [source, targets, country]);

  const header = source?.head.header ?? [];
  const terms = (dryRun: boolean): UploadTerms => ({
    campaign_id: campaignId ?? "",
    mapping: pairsOf(header, targets),
    default_country: country,
    duplicates: options.duplicates,
    across_campaigns: options.acrossCampaigns,
    dry_run: dryRun,
  });

  return {
    source,
    fault,
    isReading,
    choose,
    targets,
    /** Why a column was matched, as long as nobody chose otherwise. */
    groundOf: (column: number): Ground | undefined => {
      const match = matches[column];
      return match?.target === targets[column] ? match?.ground : undefined;
    },
    checks,
    country,
    campaign,
    options,
    terms,
    missing,
    mappingFault: source && mappingFault(header, targets),
    /** The dry run that is repeated, when its file has to be chosen again. */
    repeated,
    assign: (column: number, target: Target) => setTargets((was) => assign(header, was, column, target)),
    apply: (pairs: Pairs) => {
      const applied = applyPairs(header, targets, pairs);
      setTargets(applied.targets);
      setMissing(applied.missing);
    },
    setOptions: (some: Partial<Options>) => setChosen((was) => ({ ...was, ...some })),
  };
}

export type Wizard = ReturnType<typeof useWizard>;
