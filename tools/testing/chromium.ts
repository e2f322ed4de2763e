/**
 * The Chromium of this machine, for `*.browser.test.ts`. No browser is downloaded: Debian's package, Chrome, or the
 * path in CHROMIUM_PATH is used; a test skips itself with `describe.skipIf(chromiumPath === undefined)`.
 */
import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const named = process.env.CHROMIUM_PATH;
const places =
  named === undefined ? ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"] : [named];

/** Where Chromium is, or undefined where there is none. */
export const chromiumPath: string | undefined = places.find((path) => existsSync(path));

/** What a machine reads where browser tests cannot run. */
export const whySkipped: string =
  "SKIPPED: every *.browser.test.ts, because no Chromium was found.\n" +
  "Install it (apt-get install chromium) or name it in CHROMIUM_PATH to run them.";

/** A new headless browser; the caller closes it. Errors: no Chromium on this machine. */
export function launchChromium(): Promise<Browser> {
  if (chromiumPath === undefined) throw new Error(`Cannot start a browser: expected Chromium, got none\n${whySkipped}`);
  return chromium.launch({
    executablePath: chromiumPath,
    headless: true,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}
