import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { type Browser, chromium as playwright } from "playwright-core";

const root = resolve(import.meta.dirname, "../..");
const require = createRequire(import.meta.url);

/** The package's own arguments switch off web security, which is among what is tested here. */
const ARGS = [
  "--no-sandbox",
  "--headless=shell",
  "--no-zygote",
  "--disable-gpu",
  "--font-render-hinting=none",
  "--lang=en-GB",
  "--no-pings",
  "--disable-domain-reliability",
  "--disable-client-side-phishing-detection",
  // Nothing but this machine has a name: what would call home finds nobody.
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
];

/** The folder with the unpacked browser, made on first use; several processes may ask at once. */
async function unpacked(): Promise<string> {
  const entry = require.resolve("@sparticuz/chromium");
  const text = await readFile(join(dirname(entry), "../package.json"), "utf8");
  const { version } = JSON.parse(text) as { version: string };
  const home = join(root, "cache", `chromium-${version}`);
  if (existsSync(home)) return home;
  await mkdir(dirname(home), { recursive: true });
  const aside = await mkdtemp(`${home}.`);
  const { default: chromium } = await import("@sparticuz/chromium");
  // It unpacks into the temporary directory, and takes whatever lies there for its own.
  const before = process.env.TMPDIR;
  process.env.TMPDIR = aside;
  try {
    await chromium.executablePath();
  } finally {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
  }
  await rename(aside, home).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOTEMPTY" && error.code !== "EEXIST") throw error;
    return rm(aside, { recursive: true });
  });
  return home;
}

/** The same letters on every machine: the fonts that came with the browser, and those a page brings. */
const fontsConf = (home: string, temp: string): string => `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>${join(home, "fonts")}</dir><cachedir>${join(temp, "font-cache")}</cachedir></fontconfig>
`;

/** Starts a browser whose temporary files are gone when it is disposed. */
export async function launchChromium(): Promise<AsyncDisposable & { browser: Browser }> {
  const home = await unpacked();
  const temp = await mkdtemp(join(tmpdir(), "keepwatch-browser-"));
  const fonts = join(temp, "fonts.conf");
  await writeFile(fonts, fontsConf(home, temp));
  const browser = await playwright.launch({
    executablePath: join(home, "chromium"),
    args: ARGS,
    env: {
      PATH: process.env.PATH ?? "",
      HOME: temp,
      TMPDIR: temp,
      FONTCONFIG_FILE: fonts,
      LANG: "en_GB.UTF-8",
    },
  });
  return {
    browser,
    async [Symbol.asyncDispose]() {
      await browser.close();
      await rm(temp, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    },
  };
}
