// The report as a reader opens it: from a file, on a telephone and on a screen, by day and by night.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chromiumPath, launchChromium } from "../../../../tools/testing/chromium.ts";
import { figuresOf } from "./figures-of-report.ts";
import { renderReport } from "./render-report.ts";
import { pendulumContent } from "./testing/pendulum-content.ts";

/** Contrast ratio of two CSS colours `rgb(r, g, b)`: WCAG 2.2, 1.4.3. */
function contrast(a: string, b: string): number {
  const luminance = (color: string): number => {
    const channels = (color.match(/\d+/g) ?? []).slice(0, 3).map((channel) => Number(channel) / 255);
    const [red = 0, green = 0, blue = 0] = channels.map((c) =>
      c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4,
    );
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

describe.skipIf(chromiumPath === undefined)("the report in a browser", () => {
  let browser: Browser;
  const folder = mkdtempSync(path.join(tmpdir(), "leastaction-report-"));
  const file = path.join(folder, "report.html");

  beforeAll(async () => {
    const content = { ...pendulumContent, repeatNotes: [`Data SHA-256 ${"0123456789abcdef".repeat(4)}.`] };
    writeFileSync(file, renderReport(content, figuresOf(content)));
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const widths = [390, 1280];
  const schemes = ["light", "dark"] as const;
  test.each(widths.flatMap((width) => schemes.map((scheme) => [width, scheme] as const)))(
    "%d pixels, %s: nothing sticks out, everything can be read, nothing is fetched",
    async (width, scheme) => {
      const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme: scheme });
      const requests: string[] = [];
      const faults: string[] = [];
      page.on("request", (request) => requests.push(request.url()));
      page.on("console", (message) => faults.push(message.text()));
      await page.goto(pathToFileURL(file).href);
      expect(requests).toEqual([pathToFileURL(file).href]);
      expect(faults).toEqual([]);
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(width);
      const shown = await page.evaluate(
        `[...document.querySelectorAll("figure svg")].filter((svg) => svg.clientWidth > 0).map((svg) => svg.dataset.width)`,
      );
      expect(new Set(shown as string[])).toEqual(new Set([width === 390 ? "narrow" : "wide"]));
      const [paper, ink, muted] = (await page.evaluate(`[
        getComputedStyle(document.documentElement).backgroundColor,
        getComputedStyle(document.querySelector("dd")).color,
        getComputedStyle(document.querySelector("figcaption")).color,
      ]`)) as [string, string, string];
      expect(contrast(paper, ink)).toBeGreaterThan(12);
      expect(contrast(paper, muted)).toBeGreaterThan(4.5);
      await page.close();
    },
  );
});
