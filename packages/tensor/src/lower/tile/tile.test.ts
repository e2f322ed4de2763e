/**
 * Programs cut into tiles, against the programs that they come from, by the reference evaluator.
 */
import { describe, expect, test } from "vitest";
import { add, mul, square, tanh } from "../../ops/elementwise.ts";
import { expandDimensions } from "../../ops/movement.ts";
import { sum } from "../../ops/reduction.ts";
import { check } from "../../program/check.ts";
import type { HostTensor } from "../../pytree.ts";
import { sizeOf } from "../../shape.ts";
import { evaluateProgram } from "../../target/reference/evaluate.ts";
import { array, type Tensor } from "../../trace/tensor.ts";
import { trace } from "../../trace/trace.ts";
import { simplify } from "../simplify.ts";
import { expectClose } from "../testing/close.ts";
import { randomProgram } from "../testing/random-program.ts";
import { axisClasses } from "./axis-classes.ts";
import { batchOf } from "./batch.ts";
import { candidatesIn } from "./candidates.ts";
import { type Choice, chooseBatch } from "./choose-tile.ts";
import { findRegions } from "./regions.ts";
import { tile } from "./tile.ts";

/** The largest tensor that goes from the first loop over tiles to the second, in elements. */
function largestBetween(f: (...inputs: Tensor[]) => Tensor, inputs: readonly HostTensor[]): number {
  const program = simplify(trace(f as never, inputs as never).program);
  const choice = chooseBatch(program, 8) as Choice;
  const tiled = tile(program, choice, {
    extent: choice.batch.extent,
    tile: 8,
    tiles: choice.batch.extent / 8,
    lanes: 8,
  });
  check(tiled);
  const [first, second] = tiled.equations.filter(({ primitive }) => primitive === "scan");
  expect(second).toBeDefined();
  return Math.max(...(first?.outputs ?? []).map(({ type }) => sizeOf(type.shape)));
}

describe("two regions", () => {
  const [samples, units] = [64, 32];
  const [x, w] = [array(new Float64Array(samples), [samples]), array(new Float64Array(units), [units])];

  test("spread weights over samples each for itself", () => {
    const layer = (from: Tensor, weights: Tensor): Tensor => tanh(mul(expandDimensions(from, 1), weights));
    const between = largestBetween(
      (from, weights) => {
        const size = sum(square(tanh(add(1, square(layer(from, weights))))));
        return sum(square(layer(mul(from, size), weights)));
      },
      [x, w],
    );
    expect(between).toBeLessThanOrEqual(samples);
  });
});

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
