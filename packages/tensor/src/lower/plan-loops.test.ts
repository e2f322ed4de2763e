/**
 * Which axis carries the lanes, and how many vectors run at once, as the loops of a kernel tell.
 */
import { expect, it } from "vitest";
import { add, mul, tanh } from "../ops/elementwise.ts";
import { expandDimensions } from "../ops/movement.ts";
import { sum } from "../ops/reduction.ts";
import type { Tensor } from "../trace/tensor.ts";
import { trace } from "../trace/trace.ts";
import { kernelFacts } from "./explain.ts";
import { lower } from "./lower.ts";

const [units, samples] = [32, 40];
const unit = { dtype: "float64", shape: [units] } as const;
const sample = { dtype: "float64", shape: [samples] } as const;

/** Four sums over the units of a layer of two inputs, sample by sample: more is read along units than along samples. */
function layer(x: Tensor, y: Tensor, a: Tensor, b: Tensor, c: Tensor, d: Tensor, e: Tensor): readonly Tensor[] {
  const column = (leaf: Tensor): Tensor => expandDimensions(leaf, 1);
  const hidden = tanh(add(mul(column(a), x), mul(column(b), y), column(c)));
  return [a, b, d, e].map((weights) => sum(mul(column(weights), hidden), 0));
}

const { program } = trace(layer, [sample, sample, unit, unit, unit, unit, unit]);
const loops = (vectorBytes: number, registers: number): readonly string[] =>
  kernelFacts(lower(program, { vectorBytes, registers, accuracy: "full" })).map(({ schedule }) => schedule);

it("has lanes along samples, whose sums are then written once, not along the units that are summed over", () => {
  expect(loops(32, 16)).toEqual(["i0 0..40 by 4 (i1 0..32)"]);
});

it("has four pairs of samples side by side, since one alone would wait for its tanh", () => {
  expect(loops(16, 16)).toEqual(["i0 0..40 by 8 (i1 0..32)"]);
});

it("runs the few vectors of a tile at once where there are registers for their sums", () => {
  expect(loops(64, 32)).toEqual(["i0 0..40 by 40 (i1 0..32)"]);
  expect(loops(64, 16)).toEqual(["i0 0..40 by 8 (i1 0..32)"]);
});
