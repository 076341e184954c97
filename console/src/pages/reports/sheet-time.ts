/** "2026-11-23 00:00" on the clock of a zone: as spreadsheets read times. */
export function sheetTime(at: string, timeZone: string): string {
  return new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", timeStyle: "short", timeZone }).format(
    new Date(at),
  );
}
