/**
 * How batches are cut: whole vectors of the numbers that are there, no rest where that is near.
 */
import { describe, expect, test } from "vitest";
import { matmul } from "../../ops/contraction.ts";
import { mul, sub, tanh } from "../../ops/elementwise.ts";
import { sumOfSquares } from "../../ops/reduction.ts";
import { array, type Tensor } from "../../trace/tensor.ts";
import { trace } from "../../trace/trace.ts";
import { valueAndGrad } from "../../transform/differentiate.ts";
import { simplify } from "../simplify.ts";
import { narrowTraits, wideTraits } from "../testing/run-lowered.ts";
import { type Choice, chooseBatch, chooseCut } from "./choose-tile.ts";

function choiceOf(extent: number, Numbers: typeof Float32Array | typeof Float64Array): Choice {
  const zeros = (shape: readonly [number, number]) => array(new Numbers(shape[0] * shape[1]), shape);
  const loss = (weights: Tensor, x: Tensor): Tensor => {
    const hidden = tanh(matmul(x, weights));
    return sumOfSquares(sub(mul(hidden, hidden), tanh(hidden)));
  };
  const { program } = trace(valueAndGrad(loss) as never, [zeros([16, 24]), zeros([extent, 16])]);
  return chooseBatch(simplify(program), 64) as Choice;
}

describe("a cut of the batch", () => {
  test("leaves no rest where a tile that stays in registers fits exactly", () => {
    expect(chooseCut(choiceOf(1000, Float64Array), 32, wideTraits)).toEqual({
      extent: 1000,
      tile: 40,
      tiles: 25,
      lanes: 8,
    });
    expect(chooseCut(choiceOf(512, Float32Array), 32, wideTraits)).toMatchObject({ tile: 32, tiles: 16, lanes: 16 });
  });

  test("fills up few samples where none does", () => {
    expect(chooseCut(choiceOf(1000, Float32Array), 32, wideTraits)).toMatchObject({ tile: 32, tiles: 32 });
    expect(chooseCut(choiceOf(1000, Float64Array), 32, narrowTraits)).toMatchObject({ tile: 32, tiles: 32, lanes: 32 });
    expect(chooseCut(choiceOf(100, Float32Array), 32, wideTraits)).toMatchObject({ tile: 16, tiles: 7 });
  });
});
