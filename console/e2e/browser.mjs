// A headless Chromium: the one of this machine, or one fetched for this run alone.

import { execFileSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const INSTALLED = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const FETCHED = "@sparticuz/chromium@153.0.0";
const ARGS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--force-color-profile=srgb"];

/** Starts a browser; none when there is none to be had. */
export async function browser(scratch) {
  const own = process.env.CHROMIUM ?? INSTALLED.find((path) => existsSync(path));
  if (own) return chromium.launch({ executablePath: own, args: ARGS });
  try {
    writeFileSync(join(scratch, "package.json"), '{"private":true}');
    const npm = ["install", "--no-audit", "--no-fund", "--loglevel=error", FETCHED];
    execFileSync("npm", npm, { cwd: scratch, stdio: ["ignore", "ignore", "inherit"] });
    // It brings the libraries of the place that it is made for, when it takes this for that.
    process.env.AWS_EXECUTION_ENV = "AWS_Lambda_nodejs20.x";
    const path = createRequire(join(scratch, "package.json")).resolve("@sparticuz/chromium");
    const fetched = (await import(pathToFileURL(path).href)).default;
    return await chromium.launch({
      executablePath: await fetched.executablePath(),
      args: [...fetched.args, ...ARGS],
    });
  } catch (error) {
    console.log(`no Chromium on this machine, and none to be had: ${String(error).split("\n")[0]}`);
    return null;
  }
}
