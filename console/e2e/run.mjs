// The console as people use it, against the real program with a simulated carrier, from the first page of an empty
// installation on. Ends with 0 when all is well, 1 when not, 3 when there is no browser to be had.
//
// WARMLINE_PICTURES=folder keeps pictures of every page, light and dark, wide and narrow.

import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { browser as start } from "./browser.mjs";
import { installation } from "./installation.mjs";
import { journeys } from "./journeys.mjs";

const SKIPPED = 3;

const scratch = mkdtempSync(join(tmpdir(), "warmline-console-"));
// Started by root, the servers run as a lesser user, who has to get there.
chmodSync(scratch, 0o755);
let code = 0;
try {
  const browser = await start(scratch);
  if (!browser) {
    code = SKIPPED;
  } else {
    const { base, end } = await installation(scratch);
    const world = { base, offerDelays: [] };
    try {
      for (const [name, journey] of journeys) {
        const began = Date.now();
        await journey(browser, world);
        console.log(`console: ${name} ... ok (${((Date.now() - began) / 1000).toFixed(1)} s)`);
      }
      console.log(
        `console: from the verdict to the offer in the browser: ${world.offerDelays.join(", ")} ms`,
      );
      console.log(`console: a call is as it was after the network was gone: ${world.restoredMs} ms`);
    } finally {
      await browser.close();
      world.wire?.close();
      await end();
    }
  }
} catch (error) {
  console.error(error);
  code = 1;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
process.exit(code);
