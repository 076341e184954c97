/** Where a number came from, as people read it. */
const SOURCES: Record<string, string> = {
  api: "Added here or by a program",
  manual: "Added by hand",
  import: "Came with an import",
  erasure: "Its person was erased",
  agent: "An agent was asked to",
};

export function sourceText(source: string): string {
  return SOURCES[source] ?? source;
}
