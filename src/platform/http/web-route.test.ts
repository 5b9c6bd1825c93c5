import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { silentLog } from "../log.ts";
import { createServer } from "./server.ts";
import { serveWeb } from "./web-route.ts";

test("a web app built anew is served at once, by the server that already runs", async () => {
  const folder = await mkdtemp(join(tmpdir(), "keepwatch-web-"));
  const build = async (name: string) => {
    await mkdir(join(folder, "assets"), { recursive: true });
    await writeFile(join(folder, "index.html"), `<script src="/assets/${name}.js"></script>`);
    await writeFile(join(folder, "assets", `${name}.js`), `"${name}"`);
  };
  await build("one");
  const app = await createServer({ log: silentLog, version: "1.2.3", url: "http://keepwatch.test" });
  await serveWeb(app, folder);
  const html = { accept: "text/html" };
  try {
    await build("two");
    for (const url of ["/", "/incidents/12"]) {
      const page = await app.inject({ url, headers: html });
      assert.equal(page.statusCode, 200, url);
      assert.match(page.body, /two\.js/, url);
      assert.equal(page.headers["cache-control"], "no-cache");
    }
    const script = await app.inject({ url: "/assets/two.js" });
    assert.equal(script.body, '"two"');
    assert.match(String(script.headers["cache-control"]), /immutable/);
    const gone = await app.inject({ url: "/assets/three.js" });
    assert.equal(gone.statusCode, 404);
    assert.equal(gone.json().detail, "Nothing answers GET /assets/three.js.");
    const up = await app.inject({ url: "/../package.json" });
    assert.equal(up.statusCode, 404);
  } finally {
    await app.close();
    await rm(folder, { recursive: true });
  }
});
