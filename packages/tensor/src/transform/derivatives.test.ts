/**
 * The contract of every primitive: derivatives of order k against an 8th-order difference of the verified derivative of
 * order k-1, in all mixes of forward and reverse mode to third order; vjp as the transpose of jvp; vmap as a loop.
 */
import { describe, expect, test } from "vitest";
import { evaluate } from "../compile.ts";
import { isFloat } from "../dtype.ts";
import { add, convert, mul } from "../ops/elementwise.ts";
import { sum } from "../ops/reduction.ts";
import { check } from "../program/check.ts";
import type { HostTensor } from "../pytree.ts";
import { sizeOf } from "../shape.ts";
import type { PrimitiveCase } from "../testing/primitive-case.ts";
import { allCases, numbers } from "../testing/primitive-cases.ts";
import { array, asTensor, full, type Tensor } from "../trace/tensor.ts";
import { trace } from "../trace/trace.ts";
import { grad, jvp, vjp } from "./differentiate.ts";
import { vmap } from "./vmap.ts";

type Scalar = (...inputs: Tensor[]) => Tensor;

const floats = ({ inputs }: PrimitiveCase): HostTensor[] => inputs.filter(({ dtype }) => isFloat(dtype));
const direction = (order: number, like: readonly HostTensor[]): HostTensor[] =>
  like.map(({ shape }, i) => numbers(shape, -1, 1, 11 * order + 5 * i));

/** The case as a function of its float inputs to one number: all its float results against fixed weights. */
function scalarOf({ apply, inputs }: PrimitiveCase): Scalar {
  return (...tensors) => {
    let next = 0;
    const all = inputs.map((input) =>
      isFloat(input.dtype) ? (tensors[next++] as Tensor) : asTensor(input, "float64"),
    );
    const parts = apply(...all)
      .filter(({ dtype }) => isFloat(dtype))
      .map((result, i) => sum(mul(result, numbers(result.shape, 0.5, 1.5, 3 * i))));
    return add(full([], 0), ...parts);
  };
}

/** The derivative of `f` along `d`, in forward or reverse mode. */
function derivative(f: Scalar, d: readonly HostTensor[], mode: string): Scalar {
  if (mode === "f") return (...x) => jvp(f as never, x, d)[1] as Tensor;
  return (...x) => {
    const gradients = vjp(f as never, ...x).pullback(full([], 1)) as Tensor[];
    return add(full([], 0), ...gradients.map((gradient, i) => sum(mul(gradient, d[i] as HostTensor))));
  };
}

const number = (value: unknown): number => (value as HostTensor).data[0] as number;
const weights = [4 / 5, -1 / 5, 4 / 105, -1 / 280];

function difference(f: Scalar, x: readonly HostTensor[], d: readonly HostTensor[]): number {
  const h = 5e-3;
  const at = (s: number): number =>
    number(evaluate(f as never, ...x.map((input, i) => moved(input, d[i] as HostTensor, s))));
  return weights.reduce((total, w, k) => total + (w * (at((k + 1) * h) - at(-(k + 1) * h))) / h, 0);
}

function moved(x: HostTensor, d: HostTensor, s: number): HostTensor {
  return array(
    Float64Array.from(x.data, (value, i) => value + s * (d.data[i] as number)),
    x.shape,
  );
}

const withInputs = allCases.filter(({ inputs }) => inputs.length > 0);

describe.each(withInputs.map((item) => [item.name, item] as const))("%s", (_, item) => {
  const x = floats(item);
  // Integers and truth values have no derivative; `while` has none in reverse mode, by design.
  const differentiable = x.length > 0;
  const reversible = differentiable && item.forwardOnly !== true;

  if (differentiable)
    test("derivatives to third order", () => {
      const modes = item.forwardOnly === true ? ["fff"] : ["fff", "rff", "frf", "rrf", "ffr", "rfr", "frr", "rrr"];
      const verified = new Map<string, Scalar>([["", scalarOf(item)]]);
      for (const mode of modes) {
        for (let order = 1; order <= 3; order++) {
          const key = mode.slice(0, order);
          if (verified.has(key)) continue;
          const previous = verified.get(key.slice(0, -1)) as Scalar;
          const d = direction(order, x);
          const f = derivative(previous, d, key.slice(-1));
          const found = number(evaluate(f as never, ...x));
          const expected = item.derivativeIsZero === true ? 0 : difference(previous, x, d);
          const scale = Math.max(Math.abs(expected), Math.abs(number(evaluate(previous as never, ...x))), 1e-3);
          expect(
            Math.abs(found - expected),
            `order ${order}, modes ${key}: ${found} against ${expected}`,
          ).toBeLessThanOrEqual(1e-8 * scale);
          check(trace(f as never, x).program);
          verified.set(key, f);
        }
      }
    });

  if (reversible)
    test("vjp is the transpose of jvp", () => {
      const f = scalarOf(item);
      const d = direction(1, x);
      const forward = number(evaluate(derivative(f, d, "f") as never, ...x));
      const backward = number(evaluate(derivative(f, d, "r") as never, ...x));
      expect(Math.abs(forward - backward)).toBeLessThanOrEqual(1e-12 * Math.max(1, Math.abs(forward)));
    });

  test("vmap is a loop", () => {
    const members = [0, 1, 2].map((k) => item.inputs.map((input) => member(input, k)));
    for (const mask of masks(item.inputs.length)) {
      const batch = item.inputs.map((input, i) =>
        mask[i] ? stacked(members.map((inputs) => inputs[i] as HostTensor)) : input,
      );
      const axes = mask.map((flag) => (flag ? 0 : null));
      const together = evaluate(vmap(item.apply, axes) as never, ...batch) as HostTensor[];
      members.forEach((inputs, k) => {
        const alone = evaluate(
          item.apply as never,
          ...inputs.map((input, i) => (mask[i] ? input : (item.inputs[i] as HostTensor))),
        ) as HostTensor[];
        alone.forEach((result, r) => {
          const size = sizeOf(result.shape);
          expect(together[r]?.data.slice(k * size, (k + 1) * size)).toEqual(result.data);
        });
      });
    }
  });

  if (reversible)
    test("vmap of the gradient is a loop of gradients", () => {
      const f = scalarOf(item);
      const members = [0, 1].map((k) => x.map((input) => member(input, k)));
      const batch = x.map((_, i) => stacked(members.map((inputs) => inputs[i] as HostTensor)));
      const together = evaluate(vmap(grad(f)) as never, ...batch) as HostTensor;
      members.forEach((inputs, k) => {
        const alone = evaluate(grad(f) as never, ...inputs) as HostTensor;
        const size = sizeOf(alone.shape);
        alone.data.forEach((value, i) => {
          expect(together.data[k * size + i]).toBeCloseTo(value, 12);
        });
      });
    });
});

/** A little different for every member. */
function member(input: HostTensor, k: number): HostTensor {
  if (isFloat(input.dtype))
    return array(
      Float64Array.from(input.data, (value) => value * (1 + 0.01 * k)),
      input.shape,
    );
  const data = input.data.slice();
  if (k > 0) data.reverse();
  return { ...input, data };
}

function stacked(tensors: readonly HostTensor[]): HostTensor {
  const [first] = tensors as [HostTensor];
  return array(
    tensors.flatMap(({ data }) => Array.from(data)),
    [tensors.length, ...first.shape],
    first.dtype,
  );
}

/** All batched, and each input alone. */
function masks(count: number): boolean[][] {
  const alone = Array.from({ length: count }, (_, i) => Array.from({ length: count }, (__, k) => k === i));
  return count === 1 ? alone : [Array.from({ length: count }, () => true), ...alone];
}

test("derivatives are zero through integers and truth values", () => {
  const f = (x: Tensor): Tensor => sum(convert(convert(x, "int32"), "float64"));
  expect((evaluate(grad(f), numbers([3], 1, 5)) as HostTensor).data).toEqual(new Float64Array(3));
});
