/**
 * States that are read while the steps are found, against those of the steps taken again.
 */
import {
  add,
  array,
  at,
  compile,
  grad,
  type HostTensor,
  mul,
  neg,
  reference,
  sin,
  square,
  stack,
  sum,
  type Tensor,
  type TensorLike,
  vmap,
  wasm,
} from "@leastaction/tensor";
import { describe, expect, it } from "vitest";
import { bosh3 } from "../solver/bosh3.ts";
import { dop853 } from "../solver/dop853.ts";
import type { Solver } from "../solver/solver.ts";
import { tsit5 } from "../solver/tsit5.ts";
import type { Adjoint } from "./adjoint/adjoint.ts";
import type { SolveOptions } from "./options.ts";
import { solve } from "./solve.ts";
import { statusCodes } from "./status.ts";

type Options = Partial<SolveOptions<Tensor, undefined>>;
const start = array([1.2, 0.3]);
const pendulum = (t: Tensor, y: Tensor): Tensor => stack([at(y, 1), add(neg(sin(at(y, 0))), mul(0.2, sin(mul(2, t))))]);
const solved = (y0: TensorLike, adjoint: Adjoint, options: Options) =>
  solve({ field: pendulum, t0: 0, t1: 3, y0: y0 as Tensor, maxSteps: 64, rtol: 1e-8, ...options, adjoint });
/** What a function gives on Wasm. */
const numbersOf = (f: (...inputs: never[]) => Tensor, ...inputs: readonly HostTensor[]): number[] => {
  const result = compile(f as never, inputs as never, wasm()).callSync(
    ...(inputs as readonly never[]),
  ) as unknown as HostTensor;
  return [...result.data] as number[];
};

/** The states, their count and the status of one solution, on a target. */
function statesOf(adjoint: Adjoint, options: Options, target = reference()) {
  const read = (y0: Tensor) => {
    const { states, count, status } = solved(y0, adjoint, options);
    return { states, count, status };
  };
  const found = compile(read as never, [start], target).callSync(start) as unknown as Record<string, HostTensor>;
  const { states, count, status } = found as Record<"states" | "count" | "status", HostTensor>;
  return { states: [...states.data], count: Number(count.data[0]), status: Number(status.data[0]) };
}

function expectSame(options: Options): void {
  for (const target of [reference(), wasm()]) {
    const [read, again] = (["backsolve", "replay"] as const).map((adjoint) => statesOf(adjoint, options, target));
    expect(read?.states.length).toBe(again?.states.length);
    read?.states.forEach((x, i) => {
      expect(x).toBeCloseTo(again?.states[i] as number, 12);
    });
    expect([read?.count, read?.status]).toEqual([again?.count, again?.status]);
  }
}

const dense = Array.from({ length: 40 }, (_, k) => (3 * k) / 39);

describe("states at times", () => {
  it.each<readonly [string, Options]>([
    ["from the start to the end", { saveAt: { times: dense } }],
    ["that end before", { saveAt: { times: [0.4, 0.41, 2.9] } }],
    ["where steps end", { saveAt: { times: [0, 1, 1, 2, 2.5, 3] }, tStops: [1, 2] }],
    ["at the start alone", { saveAt: { times: [0] } }],
    ["backward in time", { t0: 3, t1: 0, saveAt: { times: [2.9, 1.4, 1.3, 0] } }],
    ["of an integration of no length", { t1: 0, saveAt: { times: [0, 0] } }],
    ["beyond the last of too few steps", { saveAt: { times: dense }, maxSteps: 4 }],
  ])("%s are those of the steps taken again", (_, options) => {
    expectSame(options);
  });

  it.each<Solver>([bosh3, tsit5, dop853])("by $name too, whatever its polynomial", (solver) => {
    expectSame({ solver, saveAt: { times: [0.1, 1.5, 1.6, 3] } });
  });

  it("may be known at run time only, out of order, and outside the span", () => {
    const times = array([2.5, -1, 0.3, 9, 0.3]);
    const read = (adjoint: Adjoint) => (list: Tensor) => solved(start, adjoint, { saveAt: { times: list } }).states;
    const [found, wanted] = (["backsolve", "replay"] as const).map((adjoint) => {
      return numbersOf(read(adjoint), times);
    });
    found?.forEach((x, i) => {
      expect(x).toBeCloseTo(wanted?.[i] as number, 12);
    });
  });

  it("of a batch are those of its members", () => {
    const starts = array([1.2, 0.3, 0.1, 2, -2.5, 0.4], [3, 2]);
    const read = (adjoint: Adjoint) => (y0s: Tensor) =>
      vmap((y0: Tensor) => solved(y0, adjoint, { saveAt: { times: dense } }).states)(y0s);
    const [found, wanted] = (["backsolve", "replay"] as const).map((adjoint) => {
      return numbersOf(read(adjoint), starts);
    });
    found?.forEach((x, i) => {
      expect(x).toBeCloseTo(wanted?.[i] as number, 12);
    });
  });

  it("are those before the failure, and after it the last", () => {
    const { status, count } = statesOf("backsolve", { saveAt: { times: dense }, maxSteps: 4 });
    expect(status).toBe(statusCodes.maxStepsReached);
    expect(count).toBeLessThan(dense.length);
  });
});

describe("the gradient of states at times that end at t1", () => {
  const loss = (times: Tensor | readonly number[], y0: Tensor): Tensor => {
    const { y, states } = solved(y0, "backsolve", { saveAt: { times }, rtol: 1e-10, atol: 1e-10, maxSteps: 256 });
    return add(sum(square(states)), mul(0.3, sum(y)));
  };
  const list = [0, 0.5, 1.7, 3];

  it("is that of times known at run time only, whose last interval has no length", () => {
    const known = numbersOf((y0: Tensor) => grad((from: Tensor) => loss(list, from))(y0), start);
    const times = array(list);
    const traced = (y0: Tensor, at: Tensor): Tensor => grad((from: Tensor) => loss(at, from))(y0);
    const unknown = numbersOf(traced, start, times);
    known.forEach((x, i) => {
      expect(x).toBeCloseTo(unknown[i] as number, 9);
    });
  });
});
