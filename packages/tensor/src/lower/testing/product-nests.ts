/**
 * Nests of products for tests, made by hand, and two ways to run them: the planned kernels in the interpreter of the
 * kernel language, and the nest itself, point by point, in double precision.
 */
import type { DType } from "../../dtype.ts";
import { type Evaluator, evaluate } from "../../kernel/evaluate.ts";
import type { Module, Slot, TargetTraits } from "../../kernel/kernel.ts";
import type { PrimitiveName } from "../../program/primitive.ts";
import { type Variable, variable } from "../../program/program.ts";
import { sizeOf } from "../../shape.ts";
import type { Affine } from "../affine.ts";
import { divideProduct } from "../divide-product.ts";
import { bytesOf } from "../element-bytes.ts";
import { sourcesOf } from "../kernel-table.ts";
import { makeKernel, makeProductKernel } from "../make-kernel.ts";
import type { Nest, Point, Source } from "../nest.ts";
import { planProduct } from "../plan-product.ts";

/** What follows the sums of a test product. */
export type Follow = "store" | "accumulate" | "bias" | "activation" | "update" | "mask";

/** A product of letters: `b` batch, `m` rows, `n` columns, `k` and `l` contracted; each layout lists all its axes in order. */
export interface ProductCase {
  readonly dtype: DType;
  readonly extents: { readonly [letter: string]: number };
  readonly left: string;
  readonly right: string;
  readonly result: string;
  readonly follow: Follow;
}

const letters = ["b", "m", "n", "k", "l"];

/** The nest of a case. */
export function productNest({ dtype, extents, left, right, result, follow }: ProductCase): Nest {
  const used = letters.filter((letter) => extents[letter] !== undefined);
  const extent = (letter: string): number => extents[letter] as number;
  const form = (layout: string): Affine => {
    const strides = new Map<string, number>();
    let stride = 1;
    for (const letter of layout.split("").reverse()) {
      strides.set(letter, stride);
      stride *= extent(letter);
    }
    return { constant: 0, coefficients: used.map((letter) => strides.get(letter) ?? 0) };
  };
  const make = (layout: string): Variable => variable({ dtype, shape: layout.split("").map(extent) });
  const points: Point[] = [];
  const add = (point: Point): Point => {
    points.push(point);
    return point;
  };
  const load = (source: Source, layout: string): Point =>
    add({ kind: "load", dtype: source.type.dtype, source, offset: form(layout) });
  const apply = (primitive: PrimitiveName, ...inputs: readonly Point[]): Point =>
    add({ kind: "apply", dtype, primitive, parameters: {}, inputs });
  const product = apply("mul", load(make(left), left), load(make(right), right));
  const sum = add({ kind: "reduce", dtype, primitive: "reduceSum", input: product });
  const target = make(result);
  const follows: { readonly [F in Follow]: () => Point } = {
    store: () => sum,
    accumulate: () => sum,
    bias: () => apply("add", sum, load(make("n"), "n")),
    activation: () => apply("tanh", apply("add", sum, load(make("m"), "m"))),
    mask: () =>
      apply("select", load(variable({ dtype: "bool", shape: [extent("n")] }), "n"), sum, load(make("m"), "m")),
    update: () => apply("add", load(target, result), apply("mul", add({ kind: "number", dtype, value: 0.25 }), sum)),
  };
  const stores = [{ target, point: follows[follow](), offset: form(result), accumulate: follow === "accumulate" }];
  const domain = used.map(extent);
  return { domain, reduced: used.map((letter) => letter === "k" || letter === "l"), points, stores };
}

/** Memory for tests: elements of each source. */
export type Memory = ReadonlyMap<Source, Float32Array | Float64Array>;

/** Every source of a nest, filled by `next`. */
export function fillMemory(nest: Nest, next: () => number): Memory {
  return new Map(
    sourcesOf([nest]).map((source) => {
      const { dtype, shape } = source.type;
      const length = sizeOf(shape);
      const data = dtype === "float32" ? new Float32Array(length) : new Float64Array(length);
      return [source, data.map(dtype === "bool" ? () => Number(next() > 0) : next)] as const;
    }),
  );
}

/**
 * The planned kernels as a module: inputs are all sources of the nest, the output is its result. With `leastDivided` the
 * product is in parts where it is so much work, the last part first.
 */
export function plannedModule(nest: Nest, traits: TargetTraits, leastDivided?: number): Module | undefined {
  const planned = planProduct(nest, traits);
  if (planned === undefined) return undefined;
  const { sources } = planned.product.epilogue;
  const copies = planned.copies.filter((nests) => nests.length > 0);
  const slots = new Map<Source, Slot>();
  let offset = 0;
  for (const source of [...sources, ...sourcesOf(copies.flat())]) {
    if (slots.has(source)) continue;
    const elements = sizeOf(source.type.shape);
    slots.set(source, { offset, dtype: source.type.dtype, elements });
    offset += Math.ceil((elements * bytesOf(source.type.dtype)) / 64) * 64;
  }
  const offsets = (from: readonly Source[]): number[] => from.map((source) => (slots.get(source) as Slot).offset);
  const call = (kernel: number, places: readonly number[]): Module["driver"][number] => ({
    kind: "call",
    kernel,
    addresses: places.map((place) => ({ offset: place, terms: [] })),
  });
  const parts = leastDivided === undefined ? [] : divideProduct(nest, planned.product, leastDivided);
  const kernels = [
    ...copies.map((nests) => makeKernel(nests, sourcesOf(nests), [], traits)),
    ...(parts.length === 0 ? [planned] : parts).map(({ product }) => makeProductKernel(product, [], traits)),
  ];
  const whole = call(copies.length, offsets(sources));
  const divided = parts.flatMap(({ count, place }, i) =>
    Array.from({ length: count }, (_, turn) => {
      const places = offsets(sources).map((at, parameter) => {
        const { start, stride } = place(parameter);
        return at + start + turn * stride;
      });
      return call(copies.length + i, places);
    }),
  );
  const copying = copies.map((nests, i) => call(i, offsets(sourcesOf(nests))));
  const driver = [...copying, ...(parts.length === 0 ? [whole] : divided.reverse())];
  const slotOf = (source: Source): Slot => slots.get(source) as Slot;
  const outputs = nest.stores.map(({ target }) => slotOf(target));
  return { kernels, driver, arenaBytes: offset, constants: [], inputs: sourcesOf([nest]).map(slotOf), outputs };
}

/** Runs the planned kernels in what `load` makes; what the result then holds. Undefined: left to plain loops. */
export function runPlanned(
  nest: Nest,
  memory: Memory,
  traits: TargetTraits,
  load: (module: Module) => Pick<Evaluator, "run" | "write" | "read"> = evaluate,
  leastDivided?: number,
): ArrayLike<number> | undefined {
  const module = plannedModule(nest, traits, leastDivided);
  if (module === undefined) return undefined;
  const evaluator = load(module);
  [...memory.values()].forEach((data, i) => {
    evaluator.write(module.inputs[i] as Slot, data);
  });
  evaluator.run();
  return evaluator.read(module.outputs[0] as Slot);
}

/** The nest computed point by point; with each result the sum of the magnitudes of its products. */
export function runPlain(nest: Nest, memory: Memory): { readonly result: Float64Array; readonly size: Float64Array } {
  const [store] = nest.stores as readonly [Nest["stores"][number]];
  const before = Float64Array.from(memory.get(store.target) ?? []);
  const [result, size] = [before.slice(), new Float64Array(before.length)];
  const at = ({ constant, coefficients }: Affine, place: readonly number[]): number =>
    coefficients.reduce((sum, c, axis) => sum + c * (place[axis] as number), constant);
  const places = (reduced: boolean, from: readonly number[]): number[][] =>
    nest.domain.reduce<number[][]>(
      (list, extent, axis) =>
        nest.reduced[axis] === reduced
          ? list.flatMap((place) => Array.from({ length: extent }, (_, i) => place.with(axis, i)))
          : list,
      [[...from]],
    );
  const value = (point: Point, place: readonly number[]): number => {
    if (point.kind === "number") return point.value;
    if (point.kind === "load") return (memory.get(point.source) as Float64Array)[at(point.offset, place)] as number;
    if (point.kind === "reduce") return places(true, place).reduce((sum, inner) => sum + value(point.input, inner), 0);
    if (point.kind !== "apply") throw new Error(`no ${point.kind} in these nests`);
    const [a = 0, b = 0, c = 0] = point.inputs.map((input) => value(input, place));
    if (point.primitive === "select") return a === 0 ? c : b;
    if (point.primitive === "tanh") return Math.tanh(a);
    return point.primitive === "add" ? a + b : a * b;
  };
  const product = (nest.points.find(({ kind }) => kind === "reduce") as Extract<Point, { kind: "reduce" }>).input;
  for (const place of places(
    false,
    nest.domain.map(() => 0),
  )) {
    const to = at(store.offset, place);
    result[to] = value(store.point, place) + (store.accumulate === true ? (before[to] as number) : 0);
    size[to] = places(true, place).reduce((sum, inner) => sum + Math.abs(value(product, inner)), 1);
  }
  return { result, size };
}
