import type { Page } from "playwright-core";

/** Opens Keepwatch as somebody who has to sign in first, and waits for the page they then see. */
export async function signIn(
  page: Page,
  url: string,
  { email, password }: { email: string; password: string },
): Promise<void> {
  await page.goto(url);
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("navigation", { name: "Main" }).filter({ visible: true }).waitFor();
}
