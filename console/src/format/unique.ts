/** A word that nobody else has. Not `crypto.randomUUID`, which browsers withhold from pages without TLS. */
export function uniqueWord(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");
}
