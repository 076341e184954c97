import { localZone } from "@/format/time";

/** "New York" of "America/New_York". */
export function zoneCity(zone: string): string {
  return (zone.split("/").at(-1) ?? zone).replaceAll("_", " ");
}

/** Every zone that the browser knows: those that are likely first, the one that is chosen among them whatever it is. */
export function zoneNames(likely: readonly (string | undefined)[]): string[] {
  const first = [...likely, localZone()].filter((zone) => zone !== undefined && zone !== "");
  return [...new Set([...first, "UTC", ...Intl.supportedValuesOf("timeZone")])] as string[];
}

/** The time on a zone's clock now, "14:05"; nothing for a zone that the browser does not know. */
export function timeIn(zone: string, now: number): string | undefined {
  try {
    return new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: zone }).format(
      now,
    );
  } catch {
    return undefined;
  }
}
