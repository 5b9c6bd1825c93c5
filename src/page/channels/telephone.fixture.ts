import { by, SYSTEM } from "../../org/actor.ts";
import { inTransaction } from "../../platform/database/transaction.ts";
import { createServer } from "../../platform/http/server.ts";
import { silentLog } from "../../platform/log.ts";
import { addContactMethod } from "../contact-methods.ts";
import { putProvider } from "../providers/providers.ts";
import { AUTH_TOKEN, fakeTwilio } from "../providers/twilio.fixture.ts";
import { twilioSignature } from "../providers/twilio-api.ts";
import { callbackRoutes } from "../replies/callback-routes.ts";
import { fixture } from "../testing.ts";

/** Ada with a telephone, and Twilio calling back at an address it can reach. */
export async function telephoned(channel: "sms" | "voice") {
  const f = await fixture();
  const provider = await fakeTwilio();
  const { platform } = f.t;
  const before = platform.url;
  const home = "https://keepwatch.example.com";
  platform.url = home;
  const hand = by(platform, SYSTEM);
  const { kind, settings } = provider.provider!;
  await inTransaction(platform.db, (tx) => putProvider(tx, hand, { slug: "phone", kind, settings }));
  platform.due.start();
  const ada = await f.person("Ada");
  const { address } = provider;
  const addFor = (userId: string, how: "sms" | "voice", phone: unknown) =>
    inTransaction(platform.db, (tx) =>
      addContactMethod(tx, { ...hand, managedBy: "config" }, { userId, channel: how, address: { phone } }),
    );
  const add = (how: "sms" | "voice") => addFor(ada.id, how, address.phone);
  let last = 0;
  const method = await add(channel);
  const app = await createServer({ log: silentLog, version: "0", url: home });
  callbackRoutes(app, platform, f.deps);
  await app.ready();
  /** As Twilio calls: a signed form. */
  const post = async (to: string, params: Record<string, string>, token = AUTH_TOKEN) => {
    const answer = await app.inject({
      method: "POST",
      url: to.slice(home.length),
      headers: {
        "content-type": "application/x-www-form-urlencoded",
        "x-twilio-signature": twilioSignature(token, to, params),
      },
      payload: new URLSearchParams(params).toString(),
    });
    return { status: answer.statusCode, body: answer.body };
  };
  return {
    ...{ f, provider, ada, method, add, addFor, post, home },
    next: () => last++,
    async [Symbol.asyncDispose]() {
      await app.close();
      await f[Symbol.asyncDispose]();
      platform.url = before;
      await platform.db.deleteFrom("providers").execute();
      await provider[Symbol.asyncDispose]();
    },
  };
}
