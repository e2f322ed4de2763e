/**
 * A page as its visitors get it: built by Vite from a folder, served on the loopback, opened in Chromium.
 *
 * In: a folder with an `index.html` whose program sets `window.result` when it is done. Out: what that is.
 */
import path from "node:path";
import { build, type InlineConfig, preview } from "vite";
import { launchChromium } from "./chromium.ts";

/** Errors: the page does not build, or has no result within a minute. */
export async function resultOfPage(folder: string): Promise<unknown> {
  const options: InlineConfig = {
    root: folder,
    configFile: false,
    logLevel: "error",
    worker: { format: "es" },
    build: { outDir: path.join(folder, "page"), target: "es2022" },
  };
  await build(options);
  const server = await preview({ ...options, preview: { host: "127.0.0.1", port: 0 } });
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    await page.goto(server.resolvedUrls?.local[0] ?? "");
    await page.waitForFunction("window.result !== undefined", undefined, { timeout: 60_000 });
    return await page.evaluate("window.result");
  } finally {
    await browser.close();
    await server.close();
  }
}

/** A page whose worker does the work: `index.html`, `main.js` and `worker.js`, which calls `program` of `train.js`. */
export const pageWithWorker: Readonly<Record<string, string>> = {
  "worker.js": `import { train } from "./train.js"; postMessage(await train());`,
  "main.js": `
    const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
    worker.onmessage = ({ data }) => { window.result = data; };
    worker.onerror = ({ message }) => { window.result = message; };
  `,
  "index.html": `<!doctype html><script type="module" src="./main.js"></script>`,
};
