/**
 * What a page loads follows from what it imports. Takes some seconds: it bundles the page twice.
 */
import { expect, test } from "vitest";
import { trainingPageBytes } from "./bundle-size.js";

test("a page that trains a Hamiltonian network loads less than 90 kB, and a dialect only where it is used", async () => {
  const bytes = await trainingPageBytes();
  expect(bytes, "gzip; node tools/bundle-size.js tells what is in it").toBeLessThan(90_000);
  expect((await trainingPageBytes("svd")) - bytes).toBeGreaterThan(5_000);
}, 120_000);
