/**
 * Random programs against all laws (`prove.ts`): 1,500 here, 20,000 by `npm run test:long`. A failure prints the
 * smallest program that fails, as a test to paste below.
 */
import { describe, expect, test } from "vitest";
import { wasm } from "../../target/wasm/wasm.ts";
import { primitiveCases } from "../primitive-cases.ts";
import { failingTest, type Proof, prove } from "./prove.ts";
import { summaryOf } from "./summary.ts";

const target = wasm();
const perTest = 100;
const proofs: Proof[] = [];

describe("random programs", () => {
  const starts = Array.from({ length: 15 }, (_, i) => i * perTest);

  test.each(starts)("seeds from %i", { timeout: 300_000 }, (from) => {
    for (let seed = from; seed < from + perTest; seed++) {
      const proof = prove(seed, [target]);
      proofs.push(proof);
      if (proof.failure !== null) expect.fail(failingTest(proof, [target]));
    }
  });

  test("are as large, as nested and as many-sided as they should be", () => {
    const summary = summaryOf(proofs);
    expect(summary.programs).toBe(1500);
    expect(summary.equations.median).toBeGreaterThanOrEqual(20);
    expect(summary.equations.largest).toBeLessThanOrEqual(60);
    expect(summary.withLoops).toBeGreaterThanOrEqual(0.3);
    expect(summary.withTransforms).toBeGreaterThanOrEqual(0.4);
    expect(summary.withNestedTransforms).toBeGreaterThanOrEqual(0.12);
    expect(Object.keys(primitiveCases).filter((name) => !(name in summary.uses))).toEqual([]);
    // Results of which nothing is asked, and derivatives that differences cannot tell, hide little.
    expect(summary.looseElements).toBeLessThan(0.01);
    expect(summary.unclearDifferences).toBeLessThan(0.1);
  });
});
