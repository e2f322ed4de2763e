/**
 * Values and derivatives at points where functions have none, infinite ones, or formulas that break: each row of
 * docs/derivatives-at-special-points.md, in both modes and all mixes of second order.
 */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { evaluate } from "../compile.ts";
import { eigh } from "../library/eigh.ts";
import { logSumExp } from "../library/log-sum-exp.ts";
import { log } from "../library/logarithm.ts";
import { pow } from "../library/power.ts";
import { programFromJson } from "../library/program-from-json.ts";
import { logSoftmax, softmax } from "../library/softmax.ts";
import { logSigmoid, sigmoid, softplus } from "../library/softplus.ts";
import { atan2 } from "../library/trigonometric.ts";
import { equal, select } from "../ops/comparison.ts";
import { abs, div, maximum, neg, relu, sign, sqrt } from "../ops/elementwise.ts";
import { at, stack } from "../ops/movement.ts";
import { norm } from "../ops/norm.ts";
import { max, sum } from "../ops/reduction.ts";
import { programToJson } from "../program/json.ts";
import type { HostTensor } from "../pytree.ts";
import { inline } from "../trace/builder.ts";
import { array, full, type Tensor } from "../trace/tensor.ts";
import { trace } from "../trace/trace.ts";
import { grad, jvp } from "./differentiate.ts";
import { jet } from "./jet.ts";

type Scalar = (x: Tensor) => Tensor;
const forward =
  (f: Scalar): Scalar =>
  (x) =>
    jvp(f as never, [x], [full([], 1)])[1] as Tensor;
const reverse = (f: Scalar): Scalar => grad(f as never) as unknown as Scalar;
const at0 = (f: Scalar, x: number): number =>
  (evaluate(f as never, array(x)) as unknown as HostTensor).data[0] as number;
const besides =
  (f: (x: Tensor) => Tensor, value: number): Scalar =>
  (x) =>
    f(stack([x, full([], value)]));
const none = Number.NaN;
const endless = Number.POSITIVE_INFINITY;

/** Function, point, value, first, second derivative. */
const rows: readonly (readonly [string, Scalar, number, number, number, number])[] = [
  ["`sqrt(x)` at 0", sqrt, 0, 0, endless, -endless],
  ["`log(x)` at 0", log, 0, -endless, endless, -endless],
  ["`norm([x, 0])` at 0", besides((v) => norm(v), 0), 0, 0, 0, 0],
  ["`abs(x)` at 0", abs, 0, 0, 0, 0],
  ["`sign(x)` at 0", sign, 0, 0, 0, 0],
  ["`relu(x)` at 0", relu, 0, 0, 0, 0],
  ["`maximum(x, 0)` at 0", (x) => maximum(x, 0), 0, 0, 0.5, 0],
  ["`max([x, x])` at 1", (x) => max(stack([x, x])), 1, 1, 1, 0],
  ["`max([x, 1])` at 1", besides((v) => max(v), 1), 1, 1, 0.5, 0],
  ["`pow(x, 0)` at 0", (x) => pow(x, 0), 0, 1, 0, 0],
  ["`pow(x, 1)` at 0", (x) => pow(x, 1), 0, 0, 1, 0],
  ["`pow(x, 2)` at 0", (x) => pow(x, 2), 0, 0, 0, 2],
  ["`pow(x, 1.5)` at 0", (x) => pow(x, 1.5), 0, 0, 0, endless],
  ["`pow(x, 0.5)` at 0", (x) => pow(x, 0.5), 0, 0, endless, -endless],
  ["`pow(x, 3)` at -2", (x) => pow(x, 3), -2, -8, 12, -12],
  ["`pow(x, 0.5)` at -2", (x) => pow(x, 0.5), -2, none, none, none],
  ["`pow(0, x)` at 2", (x) => pow(0, x), 2, 0, 0, 0],
  ["`pow(0, x)` at 0", (x) => pow(0, x), 0, 1, 0, 0],
  ["`pow(-2, x)` at 2", (x) => pow(-2, x), 2, 4, 0, 0],
  ["`atan2(x, 0)` at 0", (x) => atan2(x, 0), 0, 0, 0, 0],
  ["`atan2(0, x)` at 0", (x) => atan2(0, x), 0, 0, 0, 0],
  ["`atan2(x, 1e200)` at 1e-200", (x) => atan2(x, 1e200), 1e-200, 0, 1e-200, 0],
  ["`atan2(1e200, x)` at 1e-200", (x) => atan2(1e200, x), 1e-200, Math.PI / 2, -1e-200, 0],
  ["`div(x, x)` at 0", (x) => div(x, x), 0, none, none, none],
  ["`softplus(x)` at 0", softplus, 0, Math.LN2, 0.5, 0.25],
  ["`sigmoid(x)` at 0", sigmoid, 0, 0.5, 0.25, 0],
  ["`sigmoid(x)` at -40", sigmoid, -40, Math.exp(-40), Math.exp(-40), Math.exp(-40)],
  ["`softplus(x)` at 800", softplus, 800, 800, 1, 0],
  ["`logSigmoid(x)` at -800", logSigmoid, -800, -800, 1, 0],
  ["`logSumExp([x, 0])` at 1000", besides((v) => logSumExp(v), 0), 1000, 1000, 1, 0],
  ["`logSumExp([x, -Infinity])` at 1", besides((v) => logSumExp(v), -endless), 1, 1, 1, 0],
  ["`logSumExp([x, x])` at -Infinity", (x) => logSumExp(stack([x, x])), -endless, -endless, none, none],
  ["`softmax([x, 0])[0]` at 0", besides((v) => at(softmax(v), 0), 0), 0, 0.5, 0.25, 0],
  ["`softmax([x, -Infinity])[0]` at 0", besides((v) => at(softmax(v), 0), -endless), 0, 1, 0, 0],
  ["`logSoftmax([x, 0])[0]` at -800", besides((v) => at(logSoftmax(v), 0), 0), -800, -800, 1, 0],
];

const shown = (value: number): string =>
  Number.isNaN(value) ? "NaN" : Number.isFinite(value) ? String(Number(value.toPrecision(4))) : value > 0 ? "∞" : "-∞";

describe("derivatives at special points", () => {
  const page = readFileSync(new URL("../../../../docs/derivatives-at-special-points.md", import.meta.url), "utf8");

  test.each(rows)("%s", (name, f, x, value, first, second) => {
    const near = (found: number, wanted: number): void => {
      if (Number.isFinite(wanted))
        expect(Math.abs(found - wanted)).toBeLessThanOrEqual(1e-15 * Math.max(1e-300, Math.abs(wanted)) + 1e-300);
      else expect(found).toBe(wanted);
    };
    near(at0(f, x), value);
    for (const g of [forward(f), reverse(f)]) near(at0(g, x), first);
    for (const outer of [forward, reverse])
      for (const inner of [forward, reverse]) near(at0(outer(inner(f)), x), second);
    const read: Scalar = (y) =>
      inline(programFromJson(programToJson(trace(f as never, [array(x)]).program)), [y])[0] as Tensor;
    near(at0(forward(read), x), first);
    if (Number.isFinite(second)) {
      const [, , bend] = evaluate((() =>
        jet(f as never, [[array(x)], [array(1)], [array(0)]])) as never) as unknown as HostTensor[];
      near(2 * (bend?.data[0] as number), second);
    }
    expect(page).toContain(`| ${name} | ${shown(value)} | ${shown(first)} | ${shown(second)} |`);
  });

  test("norms neither overflow nor vanish on the way", () => {
    const scaled = (factor: number): HostTensor => array([3 * factor, -4 * factor]);
    for (const factor of [1e200, 1e-200, 1e308 / 5]) {
      const [value, slope] = [norm, grad((x: Tensor) => norm(x))].map(
        (f) => evaluate(f as never, scaled(factor)) as unknown as HostTensor,
      );
      expect(Math.abs(((value as HostTensor).data[0] as number) / factor - 5)).toBeLessThan(1e-14);
      expectClose(slope as HostTensor, [0.6, -0.8]);
    }
    const rowsOfTwo = evaluate(
      ((x: Tensor) => norm(x, 1)) as never,
      array([
        [3, 4],
        [0, 0],
        [endless, 1],
      ]),
    ) as unknown as HostTensor;
    expect(Array.from(rowsOfTwo.data)).toEqual([5, 0, endless]);
    const distances = (x: Tensor): Tensor => sum(norm(x, 1));
    const pull = evaluate(
      grad(distances) as never,
      array([
        [3, 4],
        [0, 0],
      ]),
    ) as unknown as HostTensor;
    expectClose(pull, [0.6, 0.8, 0, 0]);
  });

  test("eigenvalues are equal within their rounding, and different beyond", () => {
    /** How fast the first vector turns towards the second where diag(1, 1 + gap, 0.5) gets an entry beside its diagonal. */
    const turn = (gap: number): number => {
      const at0 = array([1, 0, 0, 0, 1 + gap, 0, 0, 0, 0.5], [3, 3]);
      const change = array([0, 1, 0, 1, 0, 0, 0, 0, 0], [3, 3]);
      const vectors = (a: Tensor): Tensor => eigh(a).vectors;
      const [, tangent] = evaluate((a: Tensor) => jvp(vectors, [a], [change]), at0) as unknown as HostTensor[];
      return Math.max(...Array.from((tangent as HostTensor).data, Math.abs));
    };
    expect(turn(2 ** -51)).toBe(0);
    expect(turn(2 ** -30)).toBe(2 ** 30);
  });

  test("one select is not enough, two are", () => {
    const once: Scalar = (x) => select(equal(x, 0), 1, div(sqrt(x), x));
    const twice: Scalar = (x) =>
      select(equal(x, 0), 1, div(sqrt(select(equal(x, 0), 1, x)), select(equal(x, 0), 1, x)));
    expect(at0(reverse(once), 0)).toBe(none);
    expect(at0(reverse(twice), 0)).toBe(0);
    expect(at0(reverse(neg as Scalar), 0)).toBe(-1);
  });
});

function expectClose({ data }: HostTensor, expected: readonly number[]): void {
  expected.forEach((value, i) => {
    expect(data[i]).toBeCloseTo(value, 14);
  });
}
