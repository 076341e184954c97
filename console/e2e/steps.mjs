// What tests do in a page, and what they look at.

import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
/** Where pictures of the pages go, if anywhere. */
const PICTURES = process.env.WARMLINE_PICTURES;

export const WIDE = { width: 1440, height: 900 };
const NARROW = { width: 390, height: 844 };

/** A person at a browser of their own. */
export async function person(browser, base) {
  const context = await browser.newContext({ baseURL: base, viewport: WIDE, colorScheme: "light" });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(`error on ${page.url()}: ${error.message}`));
  page.on("console", (message) => {
    // What is refused, or gets nowhere while the network is cut, is said by the browser and handled by the page.
    const isExpected = /status of (401|404|409|412|422)|net::ERR_(INTERNET_DISCONNECTED|CONNECTION_|EMPTY_)/;
    if (message.type() === "error" && !isExpected.test(message.text())) {
      complaints.push(`said on ${page.url()}: ${message.text()}`);
    }
  });
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(base) && !/^(data|blob|ws):/.test(url)) complaints.push(`asked elsewhere: ${url}`);
  });
  return { context, page, complaints };
}

/** Looks at the page as it is: no violation of accessibility, light and dark, and pictures of it. */
export async function look(page, name) {
  // A page says what it is once its own code is there, and until its data is it shows bars.
  await page.getByRole("heading", { level: 1 }).first().waitFor();
  await page.waitForFunction(() => !document.querySelector("[data-skeleton]"));
  await page.waitForTimeout(250);
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    // Colours go over into each other, and are none of both meanwhile.
    await page.waitForFunction(
      (theme) =>
        document.documentElement.dataset.theme === theme &&
        !document.getAnimations().some((it) => it instanceof CSSTransition && it.playState === "running"),
      colorScheme,
    );
    await page.waitForTimeout(150);
    await page.evaluate(AXE);
    const { violations } = await page.evaluate(() => globalThis.axe.run(document));
    const told = violations.map(
      (found) =>
        `${found.id}: ${found.help}\n  ${found.nodes.map((node) => node.html.slice(0, 200)).join("\n  ")}`,
    );
    assert.equal(told.join("\n"), "", `${name}, ${colorScheme}`);
    if (PICTURES) {
      mkdirSync(PICTURES, { recursive: true });
      for (const [size, view] of [
        ["1440", WIDE],
        ["390", NARROW],
      ]) {
        await page.setViewportSize(view);
        await page.waitForTimeout(200);
        await page.screenshot({ path: join(PICTURES, `${name}-${colorScheme}-${size}.png`) });
      }
      await page.setViewportSize(WIDE);
    }
  }
  await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
}

/** Goes on with the Tab key until this has the focus, as somebody without a mouse does. */
export async function tabTo(page, wanted) {
  await wanted.waitFor();
  for (let stops = 0; stops < 100; stops += 1) {
    if (await wanted.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`cannot be reached with the Tab key: ${wanted}`);
}

/** The text of the file that is saved by this. */
export async function savedBy(page, act) {
  const [download] = await Promise.all([page.waitForEvent("download"), act()]);
  return readFileSync(await download.path(), "utf8");
}

/** Asks until it is so. */
export async function until(what, holds, timeoutMs = 60_000) {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const found = await holds();
    if (found) return found;
    if (Date.now() > deadline) throw new Error(`not within ${timeoutMs / 1000} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
