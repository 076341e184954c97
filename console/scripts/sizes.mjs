// What the first pages cost, compressed: all JavaScript that the browser must have before the login or the dashboard
// stands, and the style sheet, which is not counted.
import { readdirSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const LIMIT_KB = 200;
const FIRST_PAGES = { login: ["login"], dashboard: ["layout", "dashboard"] };

const dist = new URL("../dist/", import.meta.url);
const text = (name) => readFileSync(new URL(name, dist), "utf8");
const gzipKb = (name) => gzipSync(text(name)).length / 1000;

const assets = readdirSync(new URL("assets/", dist));
const named = (stem) =>
  assets.filter((name) => new RegExp(`^${stem}-[\\w-]{8}\\.js$`).test(name)).map((name) => `assets/${name}`);

/** A chunk with all that it imports at once; what it imports later stands in `import(...)`. */
function withImports(name, seen = new Set()) {
  if (seen.has(name)) return seen;
  seen.add(name);
  if (name.endsWith(".js")) {
    for (const [, other] of text(name).matchAll(/(?:from|import)\s*"\.\/([^"]+\.js)"/g)) {
      withImports(`assets/${other}`, seen);
    }
  }
  return seen;
}

const entry = [...text("index.html").matchAll(/(?:src|href)="\/([^"]+\.(?:js|css))"/g)].map(
  ([, name]) => name,
);
let isTooMuch = false;
for (const [page, stems] of Object.entries(FIRST_PAGES)) {
  const seen = new Set();
  for (const name of [...entry, ...stems.flatMap(named)]) withImports(name, seen);
  const kb = (kind) =>
    [...seen].filter((name) => name.endsWith(kind)).reduce((sum, name) => sum + gzipKb(name), 0);
  isTooMuch ||= kb(".js") > LIMIT_KB;
  console.log(
    `${page}: ${kb(".js").toFixed(1)} kB of ${LIMIT_KB}, and ${kb(".css").toFixed(1)} kB of styles`,
  );
}

const largest = assets
  .map((name) => [name, gzipKb(`assets/${name}`)])
  .sort(([, one], [, other]) => other - one);
for (const [name, kb] of largest.slice(0, 12)) console.log(`${kb.toFixed(1).padStart(8)} kB  ${name}`);
if (isTooMuch) process.exit(1);
