import { readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { inFolder } from "../testing/memory-io.ts";
import { metricsFile } from "./metrics-file.ts";

const name = "metrics.jsonl";
const attempt = async (write: () => Promise<void>): Promise<boolean> => {
  await write();
  return true;
};
const text = (folder: string): string => readFileSync(path.join(folder, name), "utf8");

describe("the file of metrics", () => {
  test("holds a line for each report, in order, and knows its length in bytes", () =>
    inFolder({}, async (folder) => {
      const metrics = metricsFile(folder, { from: 0, attempt });
      metrics.add({ model: "größer", step: 1 });
      expect(await metrics.place()()).toBe(Buffer.byteLength(text(folder)));
      metrics.add({ step: 2 });
      await metrics.end();
      expect(text(folder)).toBe('{"model":"größer","step":1}\n{"step":2}\n');
    }));

  test("is there from the start, and is cut back to where a run goes on", () =>
    inFolder({ [name]: '{"step":1}\n{"step":2}\n{"st' }, async (folder) => {
      const metrics = metricsFile(folder, { from: 11, attempt });
      await expect.poll(() => text(folder)).toBe('{"step":1}\n');
      metrics.add({ step: 3 });
      await metrics.end();
      expect(text(folder)).toBe('{"step":1}\n{"step":3}\n');
    }));

  test("that is shorter than it was goes on at its end", () =>
    inFolder({ [name]: '{"step":1}\n' }, async (folder) => {
      const metrics = metricsFile(folder, { from: 1000, attempt });
      metrics.add({ step: 2 });
      expect(await metrics.place()()).toBe(22);
      rmSync(path.join(folder, name));
      metrics.add({ step: 3 });
      await metrics.end();
      expect(text(folder)).toBe('{"step":3}\n');
    }));

  test("gets its lines later, in order and once, where they could not be written", () =>
    inFolder({}, async (folder) => {
      let isFull = true;
      const metrics = metricsFile(folder, {
        from: 0,
        attempt: async (write) => {
          if (isFull) return false;
          await write();
          return true;
        },
      });
      for (let step = 1; step <= 3; step++) {
        metrics.add({ step });
        await new Promise((resolve) => setTimeout(resolve, 300));
      }
      isFull = false;
      metrics.add({ step: 4 });
      await metrics.end();
      expect(text(folder)).toBe([1, 2, 3, 4].map((step) => `{"step":${step}}\n`).join(""));
    }));
});
