import type { Target } from "./mapping/target";
import type { UploadTerms } from "./upload";

/** What a dry run was made with. */
export interface DryRun {
  importId: string;
  file: File;
  targets: Target[];
  terms: UploadTerms;
}

let last: DryRun | null = null;

/** Keeps the file of the last dry run for as long as this tab lives, so that it need not be chosen again. */
export function keepDryRun(run: DryRun): void {
  last = run;
}

/** The dry run, if it was made in this tab. */
export function dryRunOf(importId: string | undefined): DryRun | null {
  return last?.importId === importId ? last : null;
}
