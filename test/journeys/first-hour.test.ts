import assert from "node:assert/strict";
import { test } from "node:test";
import { as } from "../support/as.ts";
import { openBrowser } from "../support/browser.ts";
import { emptyHome } from "../support/home.ts";
import { freePort, startKeepwatch } from "../support/keepwatch.ts";
import { stepsOf } from "../support/steps.ts";
import { startMailBox, startReceiver } from "../support/world.ts";
import {
  answerByMail,
  breakAgain,
  breakTheShop,
  mendTheShop,
  OTHER_FAILURES,
  openIncident,
  readTheHook,
  readTheMail,
  timelineKinds,
} from "./burning.ts";
import { findAndRead, inviteTheReader, writeThePostmortem } from "./learning.ts";
import {
  HOOK_SECRET,
  heading,
  makeReachable,
  nameTheNext,
  sayHowToReachMe,
  sayWhoIAm,
  watchTheSampleShop,
} from "./set-up.ts";

const ADA = { name: "Ada Lindqvist", email: "ada@example.com", password: "keep the light on" };
const VERA = { name: "Vera Holm", email: "vera@example.com", password: "reading is enough" };
const BO = { name: "Bo Marsh", email: "bo@example.com" };

test("the first hour: from an empty folder to a published postmortem", async (t) => {
  await using home = await emptyHome();
  await using mails = await startMailBox();
  await using hook = await startReceiver(HOOK_SECRET);
  await using keepwatch = await startKeepwatch({
    dataDir: home.dir,
    port: await freePort(),
    env: { KEEPWATCH_SMTP_URL: mails.url, KEEPWATCH_API_TOKEN: "" },
    startMs: 60_000,
  });
  await using browser = await openBrowser();
  await using ada = await browser.visitor();
  await using stranger = await browser.visitor();
  await using vera = await browser.visitor();
  const { page } = ada;
  const step = stepsOf(t, () => [page, stranger.page, vera.page]);

  await step(
    "the link that the start printed leads to the set-up, where the first account is made",
    async () => {
      await sayWhoIAm(ada, ADA, keepwatch.output());
    },
  );

  await step("mail and webhook carry pages once the code that each was sent is entered", async () => {
    await sayHowToReachMe(ada, ADA, { mails, hook });
  });

  await step("the sample shop is watched at one click", () => watchTheSampleShop(ada));

  await step("somebody is invited to be next, and is told by mail", async () => {
    await nameTheNext(ada, BO, mails);
    await makeReachable(page, BO.email, mails);
  });

  await step("the shop is up within seconds, with a live chart", async () => {
    await page.getByRole("link", { name: "See the shop's monitor" }).click();
    await heading(page, "Sample shop front page").waitFor();
    await page.getByLabel("State").getByText("Up", { exact: true }).waitFor();
    await page.locator("figure canvas").first().waitFor();
    await ada.axe();
  });

  await step("broken with one click, it is an incident on the open page without a reload", () =>
    breakTheShop(ada, BO.name),
  );

  await step("the page arrives by mail with what failed, since when, who else and the runbook", () =>
    readTheMail(mails, ADA, keepwatch.url),
  );

  await step("and by webhook, signed, with the same facts", async () => {
    await readTheHook(hook, ADA, keepwatch.url);
  });

  await step(
    "the link in the mail acknowledges without signing in, and only when its button is pressed",
    () => answerByMail(stranger, { mails, me: ADA, watching: page }),
  );

  await step("then nobody else is waited for, and the incident's page says who has it", () =>
    openIncident(ada),
  );

  await step("mended, it resolves itself before one's eyes, and those who were paged are told", () =>
    mendTheShop(ada, { mails, hook, me: ADA }),
  );

  await step("the timeline has kept every step", async () => {
    const kinds = await timelineKinds(page);
    for (const kind of ["opened", "paged", "acknowledged", "alert_resolved", "resolved", "told"])
      assert.ok(kinds.includes(kind), `${kind} in ${kinds.join(", ")}`);
  });

  await step("the draft knows the facts; causes, lessons and a measure are added and it is published", () =>
    writeThePostmortem(ada, BO.name),
  );

  await step("somebody who may only read takes up an invitation", () =>
    inviteTheReader(ada, vera, { reader: VERA, mails }),
  );

  await step("they find the postmortem by a word in it, read it and take it along as Markdown", () =>
    findAndRead(vera),
  );

  await step("from now on the shop is checked every second", async () => {
    await as(page, { method: "PATCH", path: "/monitors/sample-shop", body: { every: "1s" } });
    await page.goto(`${keepwatch.url}/monitors/sample-shop`);
    await page.getByText("every 1 second").first().waitFor();
  });

  for (const failure of OTHER_FAILURES)
    await step(`${failure.name} is an incident, too, with its own evidence`, async () => {
      // So many changes within minutes are flapping, which is said once; a pause begins anew.
      for (const verb of ["pause", "resume"])
        await as(page, { method: "POST", path: `/monitors/sample-shop/${verb}` });
      await breakAgain(ada, failure);
    });

  for (const visitor of [ada, stranger, vera]) visitor.assertCalm();
});
