import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import type { Visitor } from "../support/browser.ts";
import { eventually } from "../support/keepwatch.ts";
import type { MailBox } from "../support/world.ts";
import { heading, mailTo, type Newcomer } from "./set-up.ts";

const TITLE = "The shop answered 502 while its basket was away";
const CAUSE =
  "The basket service had been restarted without its connection string, and nothing refused to start.";
const ACTION = "Refuse to start without a connection string";

/** From the resolved incident: the draft knows the facts; causes, lessons and a measure are written; it is published. */
export async function writeThePostmortem({ page, ...ada }: Visitor, owner: string): Promise<void> {
  await page.getByRole("button", { name: "Write the postmortem" }).click();
  await page.waitForURL(/\/postmortems\//);
  const facts = page.getByRole("complementary", { name: "Facts" });
  await facts.getByText("Time to acknowledge").waitFor();
  for (const fact of ["Ada Lindqvist (answered)", "Sample shop"])
    await facts.getByText(fact).first().waitFor();
  const write = (section: string) => page.getByRole("textbox", { name: section, exact: true });
  await write("Summary").getByText("Keepwatch opened incident #1").waitFor();

  await write("Title").fill(TITLE);
  await write("Headline").fill("For a minute nobody could buy anything, because a restart lost a setting.");
  await write("Causes").fill(CAUSE);
  await write("What went well").fill("The page arrived within seconds.");
  await write("What went poorly").fill("The restart was not announced.");
  await page.getByRole("button", { name: "Add an action item" }).click();
  await page.getByLabel("What will be done?").fill(ACTION);
  await page.getByLabel("Owner").selectOption({ label: owner });
  await page.getByLabel("Due").fill("2027-01-15");
  await page.getByRole("button", { name: "Add the action item" }).click();
  await page.getByRole("listitem").filter({ hasText: ACTION }).getByText(owner).waitFor();
  await page.getByText("Draft · Saved").waitFor();
  await ada.axe();
  await ada.shot("postmortem-edit");

  await page.getByRole("button", { name: "Publish" }).click();
  await page.getByRole("link", { name: "Export as Markdown" }).waitFor();
  await heading(page, TITLE).waitFor();
  await page.getByText(CAUSE).waitFor();
  await ada.axe();
}

/** Somebody who may only read is invited, takes the invitation from their mail and chooses a password. */
export async function inviteTheReader(
  { page, ...ada }: Visitor,
  vera: Visitor,
  { reader, mails }: { reader: Newcomer; mails: MailBox },
): Promise<void> {
  const { name, email } = reader;
  await page.goto(new URL("/settings/people", page.url()).href);
  await page.getByRole("button", { name: "Invite a person" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name", { exact: true }).fill(name);
  await dialog.getByLabel("E-mail").fill(email);
  await dialog.getByRole("radio", { name: /^Viewer/ }).click();
  await ada.axe();
  await dialog.getByRole("button", { name: "Invite", exact: true }).click();
  await dialog.getByText("It was also sent by mail").waitFor();
  await dialog.getByRole("button", { name: "Done" }).click();
  await page.getByRole("row").filter({ hasText: email }).waitFor();
  const mail = await mailTo(mails, email, /invites you/);
  const link = /https?:\/\/\S+\/invitation\/\S+/.exec(mail.text ?? "")?.[0];
  assert.ok(link, mail.text ?? "no text");
  await vera.page.goto(link);
  await vera.page.getByLabel("Password").fill(reader.password);
  await vera.axe();
  await vera.page.getByRole("button", { name: "Begin" }).click();
  await vera.page.getByRole("navigation", { name: "Main" }).filter({ visible: true }).waitFor();
}

/** By a word of its causes the reader finds it, reads it and takes it along; nothing offers to change it. */
export async function findAndRead({ page, ...vera }: Visitor): Promise<void> {
  await page.getByRole("link", { name: "Postmortems" }).filter({ visible: true }).click();
  await page.getByRole("searchbox", { name: "Search postmortems" }).fill("connection string");
  await page.locator("mark").first().waitFor();
  await vera.axe();
  await page.getByRole("link", { name: TITLE }).click();
  await heading(page, TITLE).waitFor();
  await page.getByText(CAUSE).waitFor();
  await page.getByText(ACTION).waitFor();
  assert.equal(await page.getByRole("button", { name: /edit|writing|done|add an action/i }).count(), 0);
  await vera.axe();

  const coming = page.waitForEvent("download");
  await page.getByRole("link", { name: "Export as Markdown" }).click();
  const download = await coming;
  assert.match(download.suggestedFilename(), /^postmortem-1-the-shop-answered-502.*\.md$/);
  const text = await eventually("the file", async () => readFile(await download.path(), "utf8"));
  assert.ok(text.includes(`# ${TITLE}`) && text.includes(CAUSE) && text.includes(ACTION), text);
}
