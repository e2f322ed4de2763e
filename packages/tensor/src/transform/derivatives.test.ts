/**
 * The contract of every primitive: derivatives of order k against an 8th-order difference of the verified derivative of
 * order k-1, in all mixes of forward and reverse mode to third order; vjp as the transpose of jvp at every order;
 * derivatives with respect to each argument alone; float32; vmap as a loop, nested, and of derivatives.
 *
 * Each derivative is traced once, as a program of the point and of its direction, and is a function to be differentiated
 * again by inlining that program: differences cost evaluations only.
 */
import { describe, expect, test } from "vitest";
import { evaluate } from "../compile.ts";
import { isFloat } from "../dtype.ts";
import { convert } from "../ops/elementwise.ts";
import { sum } from "../ops/reduction.ts";
import { check } from "../program/check.ts";
import type { Program } from "../program/program.ts";
import type { HostTensor } from "../pytree.ts";
import { sizeOf } from "../shape.ts";
import { evaluateProgram } from "../target/reference/evaluate.ts";
import type { PrimitiveCase } from "../testing/primitive-case.ts";
import { allCases, numbers } from "../testing/primitive-cases.ts";
import { inline } from "../trace/builder.ts";
import { array, asTensor, type Tensor } from "../trace/tensor.ts";
import { trace } from "../trace/trace.ts";
import { grad, jvp, vjp } from "./differentiate.ts";
import { vmap } from "./vmap.ts";

type Vector = (...x: Tensor[]) => Tensor[];
type Hosts = readonly HostTensor[];

/** The case as a function from its float inputs to its float results. */
function floatPart({ apply, inputs }: PrimitiveCase): { readonly f: Vector; readonly x: Hosts } {
  const f: Vector = (...tensors) => {
    let next = 0;
    const all = inputs.map((input) =>
      isFloat(input.dtype) ? (tensors[next++] as Tensor) : asTensor(input, input.dtype),
    );
    return apply(...all).filter(({ dtype }) => isFloat(dtype));
  };
  return { f, x: inputs.filter(({ dtype }) => isFloat(dtype)) };
}

const like = (tensors: Hosts | readonly Tensor[], seed: number, low = -1, high = 1): HostTensor[] =>
  tensors.map(({ shape }, i) => numbers(shape, low, high, 11 * seed + 5 * i));
const dot = (a: Hosts, b: Hosts): number =>
  a.reduce(
    (total, { data }, i) =>
      Array.from(data).reduce((part, value, k) => part + value * (b[i]?.data[k] as number), total),
    0,
  );
const norm = (a: Hosts): number => Math.sqrt(dot(a, a));
const combine = (weights: readonly number[], terms: readonly Hosts[]): HostTensor[] =>
  (terms[0] as Hosts).map(({ shape, data }, i) =>
    array(
      Float64Array.from(data, (_, k) =>
        weights.reduce((total, w, j) => total + w * (terms[j]?.[i]?.data[k] as number), 0),
      ),
      shape,
    ),
  );
const host = (leaves: unknown): HostTensor[] => leaves as HostTensor[];

/** A function at a point with its derivative in both modes, each traced once. */
interface Node {
  readonly f: Vector;
  readonly value: Program;
  /** From x, then a direction like x, to the tangents of the results. */
  readonly forward: Program;
  /** From x, then cotangents like the results, to cotangents like x; null where refused by design. */
  readonly reverse: Program | null;
}

function nodeOf(f: Vector, x: Hosts, reversible: boolean): Node {
  const value = trace(f as never, x).program;
  const own = x.length;
  const types = value.outputs.map(({ type }) => type);
  const forward = trace(((...all: Tensor[]) => jvp(f as never, all.slice(0, own), all.slice(own))[1]) as never, [
    ...x,
    ...x,
  ]);
  const reverse = !reversible
    ? null
    : trace(((...all: Tensor[]) => vjp(f as never, ...all.slice(0, own)).pullback(all.slice(own))) as never, [
        ...x,
        ...types,
      ]);
  check(forward.program);
  if (reverse !== null) check(reverse.program);
  return { f, value, forward: forward.program, reverse: reverse?.program ?? null };
}

const differenceWeights = [4 / 5, -1 / 5, 4 / 105, -1 / 280];

/** The derivative along d by differences of 8th order. */
function difference({ value }: Node, x: Hosts, d: Hosts): HostTensor[] {
  const h = 5e-3;
  const at = (s: number): HostTensor[] => evaluateProgram(value, combine([1, s], [x, d]));
  const weights = differenceWeights.flatMap((w) => [w / h, -w / h]);
  return combine(
    weights,
    differenceWeights.flatMap((_, k) => [at((k + 1) * h), at(-(k + 1) * h)]),
  );
}

/** Derivatives of one order in both modes against differences, and against each other. */
function verify(node: Node, x: Hosts, d: Hosts, w: Hosts, isZero: boolean, place: string): void {
  const value = evaluateProgram(node.value, x);
  const along = evaluateProgram(node.forward, [...x, ...d]);
  const wanted = isZero ? combine([0], [value]) : difference(node, x, d);
  // The second term is the rounding of the difference itself.
  const defect = norm(combine([1, -1], [along, wanted]));
  expect(defect, `${place}f`).toBeLessThanOrEqual(1e-8 * norm(wanted) + 1e-12 * norm(value));
  if (node.reverse === null) return;
  const back = evaluateProgram(node.reverse, [...x, ...w]);
  const size = norm(back) * norm(d);
  expect(Math.abs(dot(back, d) - dot(w, wanted)), `${place}r`).toBeLessThanOrEqual(
    1e-8 * Math.max(size, norm(w) * norm(wanted)) + 1e-12 * norm(value) * norm(w),
  );
  for (const seed of [21, 22, 23]) {
    const [other, cotangent] = [like(x, seed), like(value, seed + 5)];
    const tangent = evaluateProgram(node.forward, [...x, ...other]);
    const transposed = evaluateProgram(node.reverse, [...x, ...cotangent]);
    expect(Math.abs(dot(tangent, cotangent) - dot(transposed, other)), `${place}: transpose`).toBeLessThanOrEqual(
      1e-12 * (norm(tangent) * norm(cotangent) + norm(transposed) * norm(other)),
    );
  }
}

/** All mixes of modes below one node. */
function verifyToThird(f: Vector, x: Hosts, { forwardOnly, derivativeIsZero }: PrimitiveCase, place = ""): void {
  const order = place.length + 1;
  const node = nodeOf(f, x, forwardOnly !== true);
  const [d, w] = [
    like(x, order),
    like(
      node.value.outputs.map(({ type }) => type as never),
      order + 31,
      0.5,
      1.5,
    ),
  ];
  verify(node, x, d, w, derivativeIsZero === true, place);
  if (order === 3) return;
  const next =
    (program: Program, fixed: Hosts): Vector =>
    (...tensors) =>
      inline(program, [...tensors, ...fixed.map((tensor) => asTensor(tensor, "float64"))]);
  const item = { forwardOnly, derivativeIsZero } as PrimitiveCase;
  verifyToThird(next(node.forward, d), x, item, `${place}f`);
  if (node.reverse !== null) verifyToThird(next(node.reverse, w), x, item, `${place}r`);
}

describe.each(allCases.filter(({ inputs }) => inputs.length > 0).map((item) => [item.name, item] as const))(
  "%s",
  (_, item) => {
    const { f, x } = floatPart(item);
    // Integers and truth values have no derivative; `while` has none in reverse mode, by design.
    const reversible = item.forwardOnly !== true;

    if (x.length > 0) {
      test("derivatives to third order, in all mixes of modes", () => {
        verifyToThird(f, x, item);
      });

      test("the value beside a derivative is the value", () => {
        const value = evaluate(((...all: Tensor[]) => f(...all)) as never, ...x) as unknown as HostTensor[];
        const beside = ((...all: Tensor[]) => jvp(f as never, all, all)[0]) as never;
        expect(evaluate(beside, ...x)).toEqual(value);
      });

      test("derivatives with respect to each argument alone", () => {
        const whole = nodeOf(f, x, reversible);
        x.forEach((own, i) => {
          const others = (own0: Tensor): Tensor[] =>
            f(...x.map((input, k) => (k === i ? own0 : asTensor(input, "float64"))));
          const alone = nodeOf(others as Vector, [own], reversible);
          const d = like([own], 3 + i);
          const padded = x.map((input, k) =>
            k === i ? (d[0] as HostTensor) : array(new Float64Array(input.data.length), input.shape),
          );
          const pairs = [
            [evaluateProgram(alone.forward, [own, ...d]), evaluateProgram(whole.forward, [...x, ...padded])],
          ];
          if (whole.reverse !== null && alone.reverse !== null) {
            const w = like(evaluateProgram(alone.value, [own]), 4);
            pairs.push([
              evaluateProgram(alone.reverse, [own, ...w]),
              [evaluateProgram(whole.reverse, [...x, ...w])[i] as HostTensor],
            ]);
          }
          for (const [found, wanted] of pairs as unknown as [Hosts, Hosts][]) {
            expect(norm(combine([1, -1], [found, wanted])), `argument ${i}`).toBeLessThanOrEqual(1e-13 * norm(wanted));
          }
        });
      });

      test("derivatives in float32 are those of float64 but for rounding", () => {
        const rounded = (list: Hosts): HostTensor[] =>
          list.map((tensor) => (isFloat(tensor.dtype) ? array(Float32Array.from(tensor.data), tensor.shape) : tensor));
        const single = { ...item, inputs: rounded(item.inputs) };
        const [wide, narrow] = [floatPart(item), floatPart(single)];
        const node = nodeOf(narrow.f, narrow.x, reversible);
        const other = nodeOf(wide.f, wide.x, reversible);
        const [d, w] = [like(x, 7), like(evaluateProgram(other.value, x), 8)];
        for (const [a, b, given] of [
          [node.forward, other.forward, d],
          [node.reverse, other.reverse, w],
        ] as [Program | null, Program | null, Hosts][]) {
          if (a === null || b === null) continue;
          const [found, wanted] = [evaluateProgram(a, rounded([...x, ...given])), evaluateProgram(b, [...x, ...given])];
          expect(norm(combine([1, -1], [found, wanted]))).toBeLessThanOrEqual(1e-5 * norm(wanted));
        }
      });

      test("vmap of the derivatives is a loop", () => {
        const node = nodeOf(f, x, reversible);
        const w = like(evaluateProgram(node.value, x), 6);
        for (const [program, given] of [
          [node.forward, [...x, ...like(x, 5)]],
          [node.reverse, [...x, ...w]],
        ] as [Program | null, HostTensor[]][]) {
          if (program === null) continue;
          expectLoop(
            (...tensors) => inline(program, tensors),
            given,
            [given.map(() => true), given.map((__, i) => i < x.length)],
            1e-13,
          );
        }
      });
    }

    test("vmap is a loop, nested too", () => {
      expectLoop(item.apply, item.inputs, masks(item.inputs.length), 0);
      if (item.inputs.length < 2) return;
      // The first argument differs along one axis, the others along another.
      const [outer, inner] = [
        item.inputs.map((__, i) => (i === 0 ? 0 : null)),
        item.inputs.map((__, i) => (i === 0 ? null : 0)),
      ];
      const batch = item.inputs.map((input) => stacked([0, 1].map((k) => member(input, k))));
      const together = host(evaluate(vmap(vmap(item.apply, inner), outer) as never, ...batch));
      for (const a of [0, 1])
        for (const b of [0, 1]) {
          const alone = host(
            evaluate(item.apply as never, ...item.inputs.map((input, i) => member(input, i === 0 ? a : b))),
          );
          alone.forEach((result, r) => {
            const size = sizeOf(result.shape);
            const from = (2 * a + b) * size;
            expect(together[r]?.data.slice(from, from + size)).toEqual(result.data);
          });
        }
    });
  },
);

/** `apply` on a batch of three members against each alone, for each mask of batched inputs. */
function expectLoop(
  apply: (...inputs: Tensor[]) => Tensor[],
  inputs: Hosts,
  which: readonly (readonly boolean[])[],
  tolerance: number,
): void {
  const members = [0, 1, 2].map((k) => inputs.map((input) => member(input, k)));
  for (const mask of which) {
    const batch = inputs.map((input, i) =>
      mask[i] === true ? stacked(members.map((own) => own[i] as HostTensor)) : input,
    );
    const together = host(
      evaluate(
        vmap(
          apply,
          mask.map((flag) => (flag ? 0 : null)),
        ) as never,
        ...batch,
      ),
    );
    members.forEach((own, k) => {
      const alone = host(
        evaluate(apply as never, ...own.map((input, i) => (mask[i] === true ? input : (inputs[i] as HostTensor)))),
      );
      alone.forEach((result, r) => {
        const size = sizeOf(result.shape);
        const found = together[r]?.data.slice(k * size, (k + 1) * size) as HostTensor["data"];
        if (tolerance === 0) expect(found).toEqual(result.data);
        else {
          const part = { ...result, data: found };
          expect(norm(combine([1, -1], [[part], [result]]))).toBeLessThanOrEqual(tolerance * norm([result]));
        }
      });
    });
  }
}

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
