import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { TestContext } from "node:test";
import type { Page } from "playwright-core";

const PICTURES = resolve(import.meta.dirname, "../../cache/journeys");

/** Runs one step of a journey. What follows a failed step is skipped: it would only fail for want of it. */
export type Step = (name: string, body: () => Promise<void>) => Promise<void>;

/** Steps of one journey. A failed one leaves a picture of each given page in `cache/journeys`. */
export function stepsOf(t: TestContext, pages: () => readonly Page[]): Step {
  let failed = false;
  return async (name, body) => {
    await t.test(name, { skip: failed && "an earlier step failed" }, async (step) => {
      try {
        await body();
      } catch (error) {
        failed = true;
        await keepPictures(step, pages());
        throw error;
      }
    });
  };
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
