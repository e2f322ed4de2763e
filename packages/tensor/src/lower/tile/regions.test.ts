/**
 * What waits for a region: finished sums do, views of what was there before it do not.
 */
import { expect, test } from "vitest";
import { scan } from "../../library/control-flow.ts";
import { add, mul, square, sub, tanh } from "../../ops/elementwise.ts";
import { at, reshape, slice } from "../../ops/movement.ts";
import { sum } from "../../ops/reduction.ts";
import { array, type Tensor } from "../../trace/tensor.ts";
import { trace } from "../../trace/trace.ts";
import { simplify } from "../simplify.ts";
import { axisClasses } from "./axis-classes.ts";
import { type Batch, batchOf } from "./batch.ts";
import { candidatesIn } from "./candidates.ts";
import { findRegions } from "./regions.ts";

const [points, width] = [20, 4];

/** The error of a motion of one coordinate that begins at the first of its points, weighed along the points. */
function errorAlong(all: Tensor): Tensor {
  const observed = reshape(slice(all, 1, 0, 1), [points]);
  const next = (state: Tensor): [Tensor, Tensor] => {
    const moved = add(state, mul(0.1, tanh(state)));
    return [moved, moved];
  };
  const [, motion] = scan(next, at(observed, 0), {}, { bound: points });
  const error = square(sub(motion, mul(2, observed)));
  return sum(mul(error, tanh(error)));
}

test("a motion from the first of the points that are read one by one is there before them", () => {
  const { program } = trace(errorAlong as never, [array(new Float64Array(points * width), [points, width])]);
  const simplified = simplify(program);
  const [input] = simplified.inputs;
  const candidates = candidatesIn(simplified, axisClasses(simplified, points), points);
  const along = candidates.find(({ axes }) => axes.some(([variable]) => variable === input));
  const { region, outside } = findRegions(simplified, batchOf(along?.axes ?? []) as Batch);
  expect(new Set(region.values())).toEqual(new Set([0]));
  const motion = simplified.equations.find(({ primitive }) => primitive === "scan");
  expect(outside.get(motion as NonNullable<typeof motion>)).toBe(0);
  expect([...region.keys()].some(({ primitive }) => primitive === "tanh")).toBe(true);
});
