import assert from "node:assert/strict";
import type { Page } from "playwright-core";

/** Calls the API as the page's own person would: with their session. */
export async function as<T>(page: Page, call: { method: string; path: string; body?: unknown }): Promise<T> {
  const response = await page.request.fetch(new URL(`/api/v1${call.path}`, page.url()).href, {
    method: call.method,
    data: call.body,
    headers: { origin: new URL(page.url()).origin },
  });
  const text = await response.text();
  assert.ok(response.ok(), `${call.method} ${call.path} answered ${response.status()}: ${text}`);
  return (text === "" ? undefined : JSON.parse(text)) as T;
}
