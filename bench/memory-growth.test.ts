/**
 * 10,000 steps leave nothing behind: neither on the heap nor outside it.
 */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { nativeAvailable } from "@leastaction/native";
import { expect, test } from "vitest";
import { benchFolder } from "./folder.ts";

const script = path.join(benchFolder, "dist/memory-growth.js");
const { ok, reason } = nativeAvailable();
if (!ok) console.warn(`SKIPPED memory of native: ${reason}`);

interface Growth {
  readonly heap: number;
  readonly arrayBuffers: number;
  readonly resident: number;
}

/** Bytes that are less than one object of the heap, or one piece of other memory, for each step. */
const [smallObjects, smallPieces] = [100_000, 250_000];

async function growthOf(...words: readonly string[]): Promise<Growth> {
  expect(existsSync(script), "Build first: npm run build").toBe(true);
  const { stdout } = await promisify(execFile)(process.execPath, ["--expose-gc", script, ...words]);
  return JSON.parse(stdout) as Growth;
}

test.concurrent.each(ok ? ["wasm", "native"] : ["wasm"])("10,000 steps on %s add nothing", async (target) => {
  const { heap, arrayBuffers, resident } = await growthOf(target);
  expect(heap).toBeLessThan(smallObjects);
  expect(arrayBuffers).toBeLessThanOrEqual(0);
  expect(resident).toBeLessThan(smallPieces);
});

test.concurrent("what stays from every step is seen", async () => {
  const { heap, arrayBuffers, resident } = await growthOf("wasm", "keep");
  expect(heap).toBeGreaterThan(500_000);
  expect(arrayBuffers).toBe(160_000);
  expect(resident).toBeGreaterThan(500_000);
});
