// What the first page costs, compressed: the entry with everything it imports at once, and the largest chunks besides.
import { readdirSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const LIMIT_KB = 200;
const dist = new URL("../dist/", import.meta.url);
const gzipKb = (name) => gzipSync(readFileSync(new URL(name, dist))).length / 1000;

const html = readFileSync(new URL("index.html", dist), "utf8");
const first = [...html.matchAll(/(?:src|href)="\/([^"]+\.(?:js|css))"/g)].map((match) => match[1]);
const rest = readdirSync(new URL("assets/", dist))
  .map((name) => `assets/${name}`)
  .filter((name) => !first.includes(name));

let total = 0;
for (const name of first) {
  total += gzipKb(name);
  console.log(`first  ${gzipKb(name).toFixed(1).padStart(7)} kB  ${name}`);
}
for (const [name, kb] of rest.map((name) => [name, gzipKb(name)]).sort((a, b) => b[1] - a[1])) {
  console.log(`later  ${kb.toFixed(1).padStart(7)} kB  ${name}`);
}
console.log(`first load: ${total.toFixed(1)} kB of ${LIMIT_KB}`);
if (total > LIMIT_KB) process.exit(1);
