/**
 * Random programs for tests: every kind of step that lowering knows, over small shapes, with values that stay near one.
 *
 * In: a seed. Out: a program over float64 (with int32 and bool inside) and inputs for it. Shapes, operations and operands
 * are drawn from what exists so far, so that values are shared, views pile up, and loops close over outer tensors.
 */

import { scan } from "../../library/control-flow.ts";
import { cos, sin } from "../../library/trigonometric.ts";
import { broadcastTo } from "../../ops/broadcasting.ts";
import { less, select } from "../../ops/comparison.ts";
import { contract } from "../../ops/contraction.ts";
import { abs, add, convert, div, floor, maximum, mul, neg, sqrt, sub, tanh } from "../../ops/elementwise.ts";
import { scatterAdd, take } from "../../ops/indexing.ts";
import { concatenate, iota, pad, reshape, reverse, slice, transpose } from "../../ops/movement.ts";
import { max, sum } from "../../ops/reduction.ts";
import type { Program, TensorType } from "../../program/program.ts";
import type { HostTensor } from "../../pytree.ts";
import { sameShape, sizeOf } from "../../shape.ts";
import { build } from "../../trace/builder.ts";
import { array, full, type Tensor } from "../../trace/tensor.ts";

/** A program and inputs to run it on. */
export interface RandomProgram {
  readonly program: Program;
  readonly inputs: readonly HostTensor[];
}

/** Numbers in 0 … 1, the same for the same seed. */
export type Draw = () => number;

/** A small generator (mulberry32). */
export function drawsFrom(seed: number): Draw {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const extents = [1, 2, 3, 5, 8, 9];
const pick = <T>(draw: Draw, list: readonly T[]): T => list[Math.floor(draw() * list.length)] as T;

function randomShape(draw: Draw, rank = Math.floor(draw() * 4)): number[] {
  return Array.from({ length: rank }, () => pick(draw, extents));
}

/** A program of about `size` operations. */
export function randomProgram(seed: number, size = 14): RandomProgram {
  const draw = drawsFrom(seed);
  const types = Array.from({ length: 3 }, (): TensorType => ({ dtype: "float64", shape: randomShape(draw) }));
  const length: TensorType = { dtype: "int32", shape: [] };
  const { program } = build([...types, length], (inputs) => grow(draw, inputs, size));
  const inputs = types.map(({ shape }) =>
    array(
      Float64Array.from({ length: sizeOf(shape) }, () => 2 * draw() - 1),
      shape,
    ),
  );
  return { program, inputs: [...inputs, array(Int32Array.of(Math.floor(draw() * 7)), [], "int32")] };
}

function grow(draw: Draw, inputs: readonly Tensor[], size: number): Tensor[] {
  const length = inputs[inputs.length - 1] as Tensor;
  const pool = inputs.slice(0, -1);
  for (let i = 0; i < size; i++) pool.push(...step(draw, pool, length, 0));
  const results = pool.slice(-6).filter(() => draw() < 0.7);
  // Outputs of the inputs' types can take donated memory.
  const donated = inputs.slice(0, 2).map((input) => addOfShape(draw, pool, input));
  return [...donated, ...results, pick(draw, pool)];
}

function addOfShape(draw: Draw, pool: readonly Tensor[], input: Tensor): Tensor {
  const others = pool.filter(({ shape }) => sameShape(shape, input.shape));
  return draw() < 0.3 ? pick(draw, others) : tanh(add(input, pick(draw, others)));
}

type Operation = (draw: Draw, x: Tensor, pool: readonly Tensor[], length: Tensor, depth: number) => Tensor[];

const operations: readonly Operation[] = [
  (draw, x) => [pick(draw, [tanh, sin, cos, neg, abs, floor])(x)],
  (draw, x, pool) => [mul(0.5, pick(draw, [add, sub, mul, maximum])(x, partner(draw, x, pool)))],
  (draw, x, pool) => [div(x, add(1.5, abs(partner(draw, x, pool))))],
  (draw, x, pool) => [select(less(x, partner(draw, x, pool)), x, sqrt(abs(x)))],
  (draw, x) => [broadcastTo(x, [pick(draw, extents), ...x.shape])],
  (draw, x) => [reshape(x, regroup(draw, x.shape))],
  (_, x) => [transpose(x)],
  (draw, x) => (x.shape.length === 0 ? [x] : [reverse(x, Math.floor(draw() * x.shape.length))]),
  (draw, x) => [cut(draw, x)],
  (draw, x) => (x.shape.length === 0 ? [x] : [pad(x, axisOf(draw, x), 1, 2, Math.floor(draw() * 2))]),
  (draw, x) => (x.shape.length === 0 ? [x] : [concatenate([x, mul(0.5, x), x], axisOf(draw, x))]),
  (draw, x) => (x.shape.length === 0 ? [x] : [mul(0.3, sum(x, axisOf(draw, x))), max(x, axisOf(draw, x))]),
  (_, x) => [tanh(sum(x))],
  (draw, x, pool) => [tanh(product(draw, x, pool))],
  (draw, x) => (x.shape.length === 0 ? [x] : [ramp(draw, x)]),
  (draw, x) => (x.shape.length === 0 ? [x] : [take(x, indices(draw), axisOf(draw, x))]),
  (draw, x) => (x.shape.length === 0 ? [x] : [scattered(draw, x)]),
  (draw, x, pool, length, depth) => (depth > 1 ? [x] : loop(draw, x, pool, length, depth)),
  (draw, x, pool, length, depth) => (depth > 1 ? [x] : overSequence(draw, x, pool, length, depth)),
];

/** One to a few more tensors. */
function step(draw: Draw, pool: readonly Tensor[], length: Tensor, depth: number): Tensor[] {
  const x = pick(draw, pool);
  return pick(draw, operations)(draw, x, pool, length, depth).filter(({ shape }) => sizeOf(shape) <= 600);
}

function axisOf(draw: Draw, x: Tensor): number {
  return Math.floor(draw() * x.shape.length);
}

/** A tensor that broadcasts with x. */
function partner(draw: Draw, x: Tensor, pool: readonly Tensor[]): Tensor {
  const fitting = pool.filter(({ shape }) => {
    const from = x.shape.length - shape.length;
    return from >= 0 && shape.every((extent, axis) => extent === 1 || extent === x.shape[from + axis]);
  });
  return fitting.length === 0 || draw() < 0.1 ? full([], draw()) : pick(draw, fitting);
}

function regroup(draw: Draw, shape: readonly number[]): number[] {
  const size = sizeOf(shape);
  const divisors = [1, 2, 3, 5, 8, 9].filter((n) => size % n === 0);
  const first = pick(draw, divisors);
  return draw() < 0.3 ? [size] : [first, size / first];
}

function cut(draw: Draw, x: Tensor): Tensor {
  if (x.shape.length === 0) return x;
  const axis = axisOf(draw, x);
  const extent = x.shape[axis] as number;
  const start = Math.floor(draw() * extent);
  return slice(x, axis, start, extent, 1 + Math.floor(draw() * 2));
}

function product(draw: Draw, x: Tensor, pool: readonly Tensor[]): Tensor {
  if (x.shape.length === 0) return x;
  const axis = axisOf(draw, x);
  const others = pool.filter(({ shape }) => shape.includes(x.shape[axis] as number));
  const other = pick(draw, others);
  return mul(0.3, contract(x, other, { contract: [[axis], [other.shape.indexOf(x.shape[axis] as number)]] }));
}

function ramp(draw: Draw, x: Tensor): Tensor {
  return tanh(mul(0.2, add(x, convert(iota(x.shape, axisOf(draw, x)), "float64"))));
}

function indices(draw: Draw): Tensor | HostTensor {
  return array(
    Int32Array.from({ length: 4 }, () => Math.floor(draw() * 12) - 2),
    draw() < 0.5 ? [4] : [2, 2],
    "int32",
  );
}

function scattered(draw: Draw, x: Tensor): Tensor {
  const rows = x.shape[0] as number;
  const at = array(
    Int32Array.from({ length: rows }, () => Math.floor(draw() * 5)),
    [rows],
    "int32",
  );
  return mul(0.5, scatterAdd(x, at, 4));
}

/** A scan of several carries without sequences, its length known only while running. */
function loop(draw: Draw, x: Tensor, pool: readonly Tensor[], length: Tensor, depth: number): Tensor[] {
  const start = [x, full([], 0.25), mul(0.5, x)];
  const body = (carry: Tensor[]): [Tensor[], Tensor[]] => {
    const inner = [...carry, ...pool.slice(-3)];
    for (let i = 0; i < 3; i++) inner.push(...step(draw, inner, length, depth + 1));
    const [a, b, c] = carry as [Tensor, Tensor, Tensor];
    const swap = draw() < 0.4;
    const next = tanh(add(mul(0.5, a), 0.125, mul(0.1, sum(inner[inner.length - 1] as Tensor))));
    return [
      [swap ? c : next, add(b, 0.5), swap ? next : draw() < 0.5 ? c : a],
      [a, pick(draw, inner)],
    ];
  };
  const options = draw() < 0.5 ? { bound: 5, length } : { bound: 5, reverse: draw() < 0.5 };
  const [last, results] = scan(body as never, start as never, {} as never, options) as unknown as [Tensor[], Tensor[]];
  return [...last, ...results];
}

/** A scan over slices of x. */
function overSequence(draw: Draw, x: Tensor, pool: readonly Tensor[], length: Tensor, depth: number): Tensor[] {
  if (x.shape.length === 0 || (x.shape[0] as number) > 5) return [x];
  const outer = pick(draw, pool);
  const body = (carry: Tensor, part: Tensor): [Tensor, Tensor[]] => {
    const inner = [part, carry, outer];
    for (let i = 0; i < 3; i++) inner.push(...step(draw, inner, length, depth + 1));
    return [add(carry, mul(0.1, part)), [tanh(part), inner[inner.length - 1] as Tensor]];
  };
  const start = full(x.shape.slice(1), 0);
  const options = draw() < 0.5 ? { length } : { reverse: draw() < 0.5 };
  const [last, results] = scan(body as never, start as never, x as never, options) as unknown as [Tensor, Tensor[]];
  return [last, ...results];
}
