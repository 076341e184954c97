import type { components } from "./schema";

/** What the API sends and takes, by the name in its description: `Schema<"Campaign">`. */
export type Schema<Name extends keyof components["schemas"]> = components["schemas"][Name];

/** One portion of a list. */
export interface Page<Row> {
  data: Row[];
  next?: string | null;
}
