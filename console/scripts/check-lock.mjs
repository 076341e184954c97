// `npm install` leaves optional packages that a registry lacks out of the lock file, and then `npm ci` fails everywhere.
import { readFileSync } from "node:fs";

const lock = JSON.parse(readFileSync(new URL("../package-lock.json", import.meta.url), "utf8"));
const faults = [];

const isLocked = (from, name) => {
  // A package is looked for beside the one that wants it, and then further and further out.
  for (let at = from; at !== ""; at = at.slice(0, Math.max(0, at.lastIndexOf("/node_modules/")))) {
    if (lock.packages[`${at}/node_modules/${name}`]) return true;
  }
  return Boolean(lock.packages[`node_modules/${name}`]);
};

for (const [path, entry] of Object.entries(lock.packages)) {
  for (const name of Object.keys(entry.optionalDependencies ?? {})) {
    if (!isLocked(path, name)) faults.push(`${path}: no entry for the optional ${name}`);
  }
  if (entry.resolved) faults.push(`${path}: names a registry host`);
}

if (faults.length > 0) {
  console.error(faults.join("\n"));
  process.exit(1);
}
