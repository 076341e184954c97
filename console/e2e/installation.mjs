// A running `warmline dev` on servers of its own.

import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";

const ROOT = join(import.meta.dirname, "../..");

/** Starts one, and gives where it is served and how to end it. */
export async function installation(scratch) {
  const target = process.env.CARGO_TARGET_DIR ?? join(ROOT, "target");
  const env = { ...process.env, WARMLINE_HOME: join(scratch, "home"), RUST_LOG: "warn" };
  const child = spawn(join(target, "debug/warmline"), ["dev", "--fresh", "--no-console"], { cwd: ROOT, env });
  let said = "";
  child.stderr.on("data", (data) => {
    said += data;
  });
  const ended = new Promise((resolve) => child.on("close", resolve));
  const base = await new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).on("line", (line) => {
      const found = /^Served at (http:\S+),/.exec(line);
      if (found) resolve(found[1]);
    });
    ended.then(() => reject(new Error(`warmline dev did not start:\n${said}`)));
  });
  const end = async () => {
    child.kill("SIGTERM");
    await ended;
  };
  return { base, end };
}
