import {
  array,
  at,
  convert,
  evaluate,
  exp,
  grad,
  type HostTensor,
  mul,
  neg,
  notEqual,
  sin,
  sqrt,
  square,
  stack,
  sum,
  type Tensor,
  vmap,
} from "@leastaction/tensor";
import { describe, expect, it } from "vitest";
import { rk4 } from "../solver/rk4.ts";
import { constantStepSize } from "../step-size/step-size.ts";
import type { SaveAt, SolveOptions } from "./options.ts";
import { solve } from "./solve.ts";
import { statusCodes, statusNames } from "./status.ts";

const value = (tensor: HostTensor, i = 0): number => tensor.data[i] as number;

describe("every member of a batch", () => {
  const swing = (_t: Tensor, y: Tensor): Tensor => stack([at(y, 1), neg(sin(at(y, 0)))]);
  const members = [
    { t0: 0, t1: 3, dt0: 0.1, times: [0.5, 1, 3], rtol: 1e-5, atol: [1e-6, 1e-3], tStops: [0.7] },
    { t0: 1, t1: 1.5, dt0: 1e-4, times: [1.1, 1.2, 1.5], rtol: 1e-9, atol: [1e-9, 1e-9], tStops: [1.2] },
    { t0: 2, t1: -4, dt0: 0.5, times: [1, 0, -4], rtol: 1e-7, atol: [1e-4, 1e-8], tStops: [9] },
  ];
  type Member = { readonly [K in keyof (typeof members)[0]]: Tensor };
  const one = ({ times, ...member }: Member) =>
    solve({ field: swing, y0: array([1.2, 0.3]), saveAt: { times }, maxSteps: 400, ...member });

  it("has its own times, first step, tolerances, stops, and saved times", () => {
    const column = (key: keyof Member): HostTensor => array(members.map((member) => member[key]) as number[]);
    const keys = Object.keys(members[0] as object) as (keyof Member)[];
    const batch = Object.fromEntries(keys.map((key) => [key, column(key)]));
    const together = evaluate(vmap(one), batch as never) as unknown as Record<string, HostTensor>;
    members.forEach((member, i) => {
      const inputs = Object.fromEntries(keys.map((key) => [key, array(member[key])]));
      const alone = evaluate(one, inputs as never) as unknown as Record<string, HostTensor>;
      expect(value(together.status as HostTensor, i)).toBe(statusCodes.success);
      expect(value(together.t as HostTensor, i)).toBe(member.t1);
      const states = Array.from((together.states as HostTensor).data).slice(6 * i, 6 * i + 6);
      expect(states).toEqual(Array.from((alone.states as HostTensor).data));
      expect((together.statistics as unknown as Record<string, HostTensor>).accepted?.data[i]).toBe(
        (alone.statistics as unknown as Record<string, HostTensor>).accepted?.data[0],
      );
    });
  });
});

describe("a member that fails", () => {
  interface Case {
    readonly name: string;
    readonly mode: string;
    readonly status: string;
    readonly bad: number;
    readonly field: (t: Tensor, y: Tensor, k: Tensor) => Tensor;
    readonly options: Partial<SolveOptions<Tensor, Tensor>>;
    readonly dtype?: "float32";
  }
  const adaptive = { mode: "adaptive steps", options: { maxSteps: 400 } };
  const equal = { mode: "equal steps", options: { solver: rk4, stepSize: constantStepSize(), dt0: 0.01 } };
  const decay: Case["field"] = (_t, y, k) => neg(mul(k, y));
  const fallsOut: Case["field"] = (_t, y, k) => neg(mul(k, sqrt(y)));
  const blowsUp: Case["field"] = (_t, y, k) => mul(k, square(y));
  const cases: readonly Case[] = [
    { name: "starts where nothing is a number", ...adaptive, field: decay, bad: Number.NaN, status: "nonFinite" },
    { name: "starts where nothing is a number", ...equal, field: decay, bad: Number.NaN, status: "nonFinite" },
    { name: "starts where its field is not a number", ...adaptive, field: fallsOut, bad: -1, status: "nonFinite" },
    { name: "starts where its field is not a number", ...equal, field: fallsOut, bad: -1, status: "nonFinite" },
    { name: "comes to where its field is not a number", ...adaptive, field: fallsOut, bad: 4e-4, status: "nonFinite" },
    { name: "comes to where its field is not a number", ...equal, field: fallsOut, bad: 4e-4, status: "nonFinite" },
    { name: "grows without bound", ...adaptive, field: blowsUp, bad: 40, status: "stepSizeUnderflow" },
    { name: "grows without bound", ...equal, field: blowsUp, bad: 40, status: "nonFinite" },
    {
      name: "falls over the edge of float32",
      ...equal,
      field: blowsUp,
      bad: 40,
      status: "nonFinite",
      dtype: "float32",
    },
    { name: "overflows", ...adaptive, field: (_t, y, k) => mul(k, exp(mul(y, y))), bad: 26, status: "nonFinite" },
    { name: "overflows", ...equal, field: (_t, y, k) => mul(k, exp(mul(y, y))), bad: 26, status: "nonFinite" },
    {
      name: "takes more steps than there may be",
      mode: "adaptive steps",
      options: { maxSteps: 12 },
      field: (_t, y, k) => neg(mul(k, mul(y, y, y))),
      bad: 3e4,
      status: "maxStepsReached",
    },
  ];
  const good = [0.5, 0.7];
  const batchOf = (bad: number): readonly number[] => [good[0] as number, bad, good[1] as number];
  const solved = ({ field, options }: Case, y0: Tensor, k: Tensor, saveAt?: SaveAt) =>
    solve({ field, t0: 0, t1: 0.1, y0, args: k, ...options, ...(saveAt ? { saveAt } : {}) });

  it.each(cases)("because it $name, with $mode, does no harm to the gradients of the others", (each) => {
    for (const saveAt of [undefined, { times: [0.05, 0.1] }]) {
      const loss = ({ y0, k }: { readonly y0: Tensor; readonly k: Tensor }): Tensor =>
        sum(vmap((start: Tensor) => sum(square(solved(each, start, k, saveAt).states)))(y0));
      const gradient = (starts: readonly number[]): Record<"y0" | "k", HostTensor> =>
        evaluate(grad(loss), {
          y0: array([...starts], undefined, each.dtype),
          k: array(0.9, undefined, each.dtype),
        } as never) as never;
      const [found, wanted] = [gradient(batchOf(each.bad)), gradient(good)];
      expect(Array.from(found.y0.data)).toEqual([value(wanted.y0), 0, value(wanted.y0, 1)]);
      expect(value(found.k)).not.toBe(0);
      expect(Math.abs(value(found.k) / value(wanted.k) - 1)).toBeLessThan(each.dtype === "float32" ? 1e-6 : 1e-14);
    }
  });

  it.each(cases)("because it $name, with $mode, says so and stays where it last was finite", (each) => {
    const run = (starts: readonly number[]) =>
      evaluate(
        (y0: Tensor) => {
          const solutions = vmap((start: Tensor) => solved(each, start, array(0.9, undefined, each.dtype) as never))(
            y0,
          );
          const failed = sum(convert(notEqual(solutions.status, statusCodes.success), "int32"));
          return { ...solutions, failed };
        },
        array([...starts], undefined, each.dtype) as never,
      ) as unknown as Record<"status" | "y" | "t" | "failed", HostTensor>;
    const [found, alone] = [run(batchOf(each.bad)), run(good)];
    expect(Array.from(found.status.data, (code) => statusNames[code])).toEqual(["success", each.status, "success"]);
    expect(value(found.failed)).toBe(1);
    expect([value(found.y), value(found.y, 2)]).toEqual(Array.from(alone.y.data));
    expect(value(found.t, 1)).toBeLessThan(0.1);
    expect(Number.isFinite(value(found.y, 1))).toBe(Number.isFinite(each.bad));
  });
});
