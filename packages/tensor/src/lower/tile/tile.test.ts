/**
 * Programs cut into tiles, against the programs that they come from, by the reference evaluator.
 */
import { describe, expect, test } from "vitest";
import { check } from "../../program/check.ts";
import { evaluateProgram } from "../../target/reference/evaluate.ts";
import { simplify } from "../simplify.ts";
import { expectClose } from "../testing/close.ts";
import { randomProgram } from "../testing/random-program.ts";
import { axisClasses } from "./axis-classes.ts";
import { batchOf } from "./batch.ts";
import { candidatesIn } from "./candidates.ts";
import { findRegions } from "./regions.ts";
import { tile } from "./tile.ts";

const seeds = Array.from({ length: 150 }, (_, i) => i + 1);

describe("random programs in tiles", () => {
  test.each(seeds)("seed %i equals the reference for every batch", (seed) => {
    const { program, inputs } = randomProgram(seed);
    const simplified = simplify(program);
    const expected = evaluateProgram(program, inputs);
    for (const { axes, mostWork } of candidatesIn(simplified, axisClasses(simplified, 2), 2)) {
      const batch = batchOf(axes);
      if (batch === undefined) continue;
      const { extent } = batch;
      const regions = findRegions(simplified, batch);
      expect(regions.work).toBeLessThanOrEqual(mostWork);
      if (regions.region.size === 0) continue;
      for (const [samples, lanes] of [
        [2, 2],
        [4, 2],
        [4, 4],
        [extent, extent],
      ] as const) {
        const tiled = tile(
          simplified,
          { batch, regions },
          { extent, tile: samples, tiles: Math.ceil(extent / samples), lanes },
        );
        check(tiled);
        evaluateProgram(tiled, inputs).forEach(({ data }, i) => {
          expectClose(data, (expected[i] as (typeof expected)[number]).data);
        });
      }
    }
  });
});
