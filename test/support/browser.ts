import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import type { BrowserContext, Page } from "playwright-core";
import { launchChromium } from "./chromium.ts";
import { type Screen, SIZES, shotsOf } from "./screens.ts";
import { squeezePng } from "./squeeze-png.ts";

const root = resolve(import.meta.dirname, "../..");
const require = createRequire(import.meta.url);
export const SHOTS = join(root, "docs/screenshots");

export interface VisitorOptions {
  width?: number;
  height?: number;
  theme?: "light" | "dark" | "auto";
  /** Faults that belong to the test, e.g. a refusal that it provokes. */
  expected?: readonly RegExp[];
}

/** Somebody with a browser window of their own: own cookies, own storage. */
export interface Visitor extends AsyncDisposable {
  page: Page;
  /** Fails when the page complained: console errors, uncaught errors, requests to its own server that failed. */
  assertCalm(): void;
  /** Fails on anything serious or critical that axe finds on what is shown now. */
  axe(): Promise<void>;
  /** Photographs what is shown now, at each width and in each theme; see `screens.ts`. */
  shot(screen: Screen): Promise<void>;
}

export interface TestBrowser extends AsyncDisposable {
  visitor(options?: VisitorOptions): Promise<Visitor>;
}

/** Nobody is signed in yet, and the app asks who is. */
const SIGNED_OUT = /401.*\/api\/v1\/me\b/;

/** A real browser. Everything it opened is closed with it. */
export async function openBrowser(): Promise<TestBrowser> {
  const { browser, [Symbol.asyncDispose]: close } = await launchChromium();
  return {
    async visitor(options = {}) {
      const { width = SIZES[0].width, height = SIZES[0].height, theme = "light" } = options;
      const context = await browser.newContext({
        viewport: { width, height },
        hasTouch: width < 640,
        locale: "en-GB",
        timezoneId: "Europe/Paris",
        acceptDownloads: true,
      });
      context.setDefaultTimeout(15_000);
      await context.addInitScript(
        `try { localStorage.getItem("keepwatch.theme") ?? localStorage.setItem("keepwatch.theme", ${JSON.stringify(theme)}) } catch {}`,
      );
      return visit(context, await context.newPage(), options.expected ?? []);
    },
    [Symbol.asyncDispose]: close,
  };
}

function visit(context: BrowserContext, page: Page, expected: readonly RegExp[]): Visitor {
  const faults = collectFaults(page);
  const assertCalm = () => {
    const bad = faults.filter((fault) => ![SIGNED_OUT, ...expected].some((fine) => fine.test(fault)));
    assert.deepEqual(bad, [], "the browser complained");
  };
  return {
    page,
    assertCalm,
    axe: () => assertAccessible(page),
    shot: (screen) => photograph(page, screen),
    async [Symbol.asyncDispose]() {
      await context.close();
    },
  };
}

function collectFaults(page: Page): string[] {
  const faults: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") faults.push(`console: ${message.text()} ${message.location().url}`);
  });
  page.on("pageerror", (error) => faults.push(`error: ${error.stack ?? error.message}`));
  page.on("requestfailed", (request) => {
    const why = request.failure()?.errorText ?? "";
    // A request that the page itself gave up, by leaving or by asking anew.
    if (why === "net::ERR_ABORTED" || new URL(request.url()).origin !== new URL(page.url()).origin) return;
    faults.push(`failed: ${request.method()} ${request.url()} ${why}`);
  });
  return faults;
}

interface Violation {
  id: string;
  impact: string | null;
  help: string;
  nodes: { html: string; failureSummary?: string }[];
}

const axeSource = await readFile(require.resolve("axe-core/axe.min.js"), "utf8");

async function assertAccessible(page: Page): Promise<void> {
  await settled(page);
  // By the debugging protocol, which the page's content security policy does not bind.
  const session = await page.context().newCDPSession(page);
  try {
    const { result, exceptionDetails } = await session.send("Runtime.evaluate", {
      expression: `${axeSource}\n;axe.run(document, { resultTypes: ["violations"] }).then((found) => JSON.stringify(found.violations))`,
      awaitPromise: true,
      returnByValue: true,
    });
    assert.equal(exceptionDetails, undefined, "axe ran");
    const violations = JSON.parse(String(result.value)) as Violation[];
    const bad = violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .map(({ id, help, nodes }) => ({
        id,
        help,
        where: nodes.slice(0, 3).map((node) => `${node.html.slice(0, 200)} ${node.failureSummary ?? ""}`),
      }));
    assert.deepEqual(bad, [], `axe finds nothing serious on ${page.url()}`);
  } finally {
    await session.detach();
  }
}

/** Waits until fonts are there and nothing moves any more. */
async function settled(page: Page): Promise<void> {
  await page.evaluate(
    `document.fonts.ready.then(() => Promise.all(document.getAnimations()
       .filter((a) => a.effect?.getComputedTiming().iterations !== Infinity)
       .map((a) => a.finished.catch(() => {}))))`,
  );
}

const wanted = (file: string): boolean =>
  process.env.KEEPWATCH_SCREENSHOTS === "1" || !existsSync(join(SHOTS, file));

/** Only what is missing, unless KEEPWATCH_SCREENSHOTS=1: a test run leaves the tree as it was. */
async function photograph(page: Page, screen: Screen): Promise<void> {
  const shots = shotsOf(screen).filter(({ file }) => wanted(file));
  if (shots.length === 0) return;
  await mkdir(SHOTS, { recursive: true });
  const before = page.viewportSize();
  await page.mouse.move(0, 0);
  const theme = await page.evaluate<string | undefined>("document.documentElement.dataset.theme");
  for (const shot of shots) {
    await page.setViewportSize(shot.size);
    await page.emulateMedia({ colorScheme: shot.theme });
    await setTheme(page, shot.theme);
    await page.evaluate("window.scrollTo({ top: 0, behavior: 'instant' })");
    await page.waitForTimeout(150);
    await settled(page);
    const png = await page.screenshot({ animations: "disabled", caret: "hide" });
    await writeFile(join(SHOTS, shot.file), squeezePng(png));
  }
  await page.emulateMedia({ colorScheme: null });
  await setTheme(page, theme);
  if (before) await page.setViewportSize(before);
}

const setTheme = (page: Page, theme: string | undefined): Promise<unknown> =>
  theme === undefined
    ? Promise.resolve()
    : page.evaluate(`document.documentElement.dataset.theme = ${JSON.stringify(theme)}`);
