// How smoothly the live board moves with 500 agents and 2,000 calls, of which 250 things a second are told: frames a
// second while it stands, while it is scrolled, and, for comparison, while nothing happens. The page is the real one,
// of the real program; the floor is made up, since a carrier that plays so many calls would take the browser's time.

import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { browser as start } from "./browser.mjs";
import { Floor } from "./floor.mjs";
import { installation } from "./installation.mjs";
import { person } from "./steps.mjs";

const AGENTS = 500;
const CALLS = 2_000;
const EVENTS_PER_S = 250;
const TOLD_EVERY_MS = 100;
const SECONDS = 20;

/** Frames of each second. */
const frames = (page, seconds) =>
  page.evaluate(
    (wanted) =>
      new Promise((resolve) => {
        const counts = [];
        let [begins, count] = [performance.now(), 0];
        const frame = (now) => {
          count += 1;
          if (now - begins >= 1000) {
            counts.push(Math.round((count * 1000) / (now - begins)));
            [begins, count] = [now, 0];
          }
          if (counts.length < wanted) requestAnimationFrame(frame);
          else resolve(counts);
        };
        requestAnimationFrame(frame);
      }),
    seconds,
  );

function told(what, counts) {
  const sorted = counts.toSorted((left, right) => left - right);
  const median = sorted[Math.floor(sorted.length / 2)];
  console.log(`${what.padEnd(32)} ${String(median).padStart(4)} frames/s, fewest ${sorted[0]}`);
}

async function measure(browser, base) {
  const { page } = await person(browser, base);
  await page.goto("/");
  await page.waitForURL("**/setup");
  await page.getByLabel("Organisation").fill("Acme Freight");
  await page.getByLabel("Your name").fill("Ana Lima");
  await page.getByLabel("Email").fill("ana@warmline.test");
  await page.getByLabel("Password", { exact: true }).fill("a long enough password");
  await page.getByRole("button", { name: "Set up" }).click();
  await page.getByRole("navigation").first().waitFor();

  const floor = new Floor(AGENTS, CALLS);
  let socket;
  await page.route("**/api/live/board", (route) => route.fulfill({ json: floor.board() }));
  await page.routeWebSocket(/\/api\/live\?/, (opened) => {
    socket = opened;
    const now = new Date().toISOString();
    opened.send(JSON.stringify({ type: "hello", cursor: "1_0_1", agent_id: null, server_time: now }));
  });
  await page.goto("/live");
  await page
    .getByText(/^Agent \d+$/)
    .first()
    .waitFor();
  if (process.env.WARMLINE_PICTURES)
    await page.screenshot({ path: join(process.env.WARMLINE_PICTURES, "board.png") });
  const still = await frames(page, SECONDS / 2);
  const perTick = (EVENTS_PER_S * TOLD_EVERY_MS) / 1000;
  const ticks = setInterval(() => {
    socket?.send(JSON.stringify({ type: "events", cursor: "1_0_1", events: floor.happen(perTick) }));
  }, TOLD_EVERY_MS);
  const moving = await frames(page, SECONDS);
  const wheel = setInterval(() => void page.mouse.wheel(0, 120).catch(() => {}), 50);
  await page.mouse.move(700, 600);
  const scrolled = await frames(page, SECONDS / 2);
  clearInterval(wheel);
  clearInterval(ticks);
  console.log(`${AGENTS} agents, ${CALLS} calls, ${EVENTS_PER_S} events/s`);
  told("nothing happens", still);
  told("the board moves", moving);
  told("it moves and is scrolled", scrolled);
  return Math.min(...moving);
}

const scratch = mkdtempSync(join(tmpdir(), "warmline-board-"));
// Started by root, the servers run as a lesser user, who has to get there.
chmodSync(scratch, 0o755);
let code = 1;
try {
  const browser = await start(scratch);
  if (browser) {
    const { base, end } = await installation(scratch);
    try {
      code = (await measure(browser, base)) >= 50 ? 0 : 1;
    } finally {
      await browser.close();
      await end();
    }
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
process.exit(code);
