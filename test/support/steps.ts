import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { TestContext } from "node:test";
import type { Page } from "playwright-core";

const PICTURES = resolve(import.meta.dirname, "../../cache/journeys");

/** Runs one step of a journey. What follows a failed step is skipped: it would only fail for want of it. */
export interface Step {
  (name: string, body: () => Promise<void>): Promise<void>;
  /** A step on which no other builds: they go on when it fails. */
  aside(name: string, body: () => Promise<void>): Promise<void>;
}

/** Steps of one journey. A failed one leaves a picture of each given page in `cache/journeys`. */
export function stepsOf(t: TestContext, pages: () => readonly Page[]): Step {
  let failed = false;
  const run = (name: string, body: () => Promise<void>, onFailure: () => void) =>
    t.test(name, { skip: failed && "an earlier step failed" }, async (step) => {
      try {
        await body();
      } catch (error) {
        onFailure();
        await keepPictures(step, pages());
        throw error;
      }
    });
  const stop = () => {
    failed = true;
  };
  return Object.assign((name: string, body: () => Promise<void>) => run(name, body, stop), {
    aside: (name: string, body: () => Promise<void>) => run(name, body, () => {}),
  });
}

async function keepPictures(t: TestContext, pages: readonly Page[]): Promise<void> {
  await mkdir(PICTURES, { recursive: true });
  for (const [index, page] of pages.entries()) {
    const path = join(PICTURES, `${t.name.replace(/\W+/g, "-").slice(0, 60)}-${index + 1}.png`);
    await page.screenshot({ path, timeout: 5_000 }).then(
      () => t.diagnostic(`what the browser showed, at ${page.url()}: ${path}`),
      () => {},
    );
  }
}
