/**
 * A kernel from the nests of one step: its statements, and the note for `explain`.
 */
import type { Kernel, TargetTraits } from "../kernel/kernel.ts";
import { showType } from "../program/infer.ts";
import type { Equation } from "../program/program.ts";
import { costOf } from "./cost.ts";
import { bytesOf } from "./element-bytes.ts";
import { emitNest } from "./emit-nest.ts";
import { emitOuterSum } from "./emit-outer-sum.ts";
import { emitProduct } from "./emit-product.ts";
import { emitTransposedCopy } from "./emit-transposed-copy.ts";
import type { Nest, Source } from "./nest.ts";
import { outerSumOf } from "./outer-sum.ts";
import { planLoops } from "./plan-loops.ts";
import type { Product } from "./product.ts";
import { inRowBlocks } from "./row-blocks.ts";

/** Makes the kernel of some nests that run in order; its parameters are `sources`. */
export function makeKernel(
  nests: readonly Nest[],
  sources: readonly Source[],
  equations: readonly Equation[],
  traits: TargetTraits,
): Kernel {
  const numbers = new Map(sources.map((source, i) => [source, i]));
  const baseOf = (source: Source): number => numbers.get(source) as number;
  const body = nests.flatMap((nest) => {
    const outer = outerSumOf(nest, traits);
    if (outer !== undefined) return emitOuterSum(nest, outer, baseOf);
    const turned = emitTransposedCopy(nest, baseOf);
    if (turned !== undefined) return turned;
    return inRowBlocks(nest, traits).flatMap((part) => {
      return emitNest(part, planLoops(part, traits), baseOf, traits.accuracy);
    });
  });
  const note = {
    equations: equations.map(showEquation),
    operations: nests.reduce((total, nest) => total + operationsOf(nest), 0),
    bytes: nests.reduce((total, nest) => total + bytesTouched(nest), 0),
  };
  return { name: nameOf(equations), parameters: sources.length, body, note };
}

/** The kernel of a blocked product; its parameters are the sources of the product's epilogue. */
export function makeProductKernel(
  product: Product,
  equations: readonly Equation[],
  { accuracy }: TargetTraits,
): Kernel {
  const { outer, rows, lanes, contracted, dtype, epilogue } = product;
  const axes = [...outer, rows, lanes, ...contracted];
  const size = (of: "wide" | "narrow"): number =>
    axes.reduce((total, axis) => (axis[of] === 0 ? total : total * axis.extent), bytesOf(dtype));
  const results = [...outer, rows, lanes].reduce((total, { extent }) => total * extent, bytesOf(dtype));
  const note = {
    equations: equations.map(showEquation),
    operations: axes.reduce((total, { extent }) => total * extent, 2),
    bytes: size("wide") + size("narrow") + results * (epilogue.sources.length - 2),
  };
  const followers = equations.filter(({ primitive }) => primitive !== "dot");
  const name = followers.length === 0 ? "product" : `product_${nameOf(followers)}`;
  return { name, parameters: epilogue.sources.length, body: emitProduct(product, accuracy), note };
}

/** An equation in a few words: its primitive and the types of its results. */
export function showEquation({ primitive, outputs }: Equation): string {
  return `${primitive} ${outputs.map(({ type }) => showType(type)).join(" ")}`;
}

function nameOf(equations: readonly Equation[]): string {
  const names = [...new Set(equations.map(({ primitive }) => primitive))];
  return names.length <= 4 ? names.join("_") : `${names.slice(0, 3).join("_")}_and_${names.length - 3}_more`;
}

function pointsIn({ domain }: Nest): number {
  return domain.reduce((product, extent) => product * extent, 1);
}

/** How much work a nest is, in simple operations: those that it does, and what it reads and writes. */
export function workOfNest(nest: Nest): number {
  return operationsOf(nest) + operationsPerByte * bytesTouched(nest);
}

/** Simple operations in the time in which a byte comes from far memory or goes there. */
export const operationsPerByte = 8;

function operationsOf(nest: Nest): number {
  const each = nest.points.reduce((sum, point) => {
    if (point.kind === "reduce" || point.kind === "fold") return sum + 1;
    return point.kind === "apply" ? sum + costOf(point.primitive) : sum;
  }, 0);
  return each * pointsIn(nest);
}

/** Bytes read and written, each access counted over the axes along which it moves. */
function bytesTouched(nest: Nest): number {
  const extentOf = (coefficients: readonly number[]): number =>
    coefficients.reduce((product, c, axis) => (c === 0 ? product : product * (nest.domain[axis] as number)), 1);
  const loads = nest.points.reduce((sum, point) => {
    return point.kind === "load" ? sum + extentOf(point.offset.coefficients) * bytesOf(point.dtype) : sum;
  }, 0);
  return nest.stores.reduce((sum, { offset, target }) => {
    return sum + extentOf(offset.coefficients) * bytesOf(target.type.dtype);
  }, loads);
}
