/**
 * Point primitives as expressions of the kernel language: one row for each.
 */
import type { Block } from "../kernel/block.ts";
import * as build from "../kernel/build.ts";
import { exp, expm1 } from "../kernel/functions/exp.ts";
import { sign } from "../kernel/functions/sign.ts";
import { tanh } from "../kernel/functions/tanh.ts";
import type { Expression, KernelBinary, KernelUnary } from "../kernel/kernel.ts";
import type {
  BitBinary,
  Comparison,
  CorePrimitive,
  FloatUnary,
  NumericBinary,
  NumericUnary,
  Parameters,
  PrimitiveName,
  Shift,
} from "../program/primitive.ts";
import { functionOf, loadedPointRows, type PointRow } from "./point-row.ts";

/** The primitives of the core that are computed by element. */
type PointPrimitive = CorePrimitive &
  (FloatUnary | NumericUnary | NumericBinary | Comparison | BitBinary | Shift | "not" | "select" | "convert");

const first = (inputs: readonly Expression[]): Expression => inputs[0] as Expression;
const second = (inputs: readonly Expression[]): Expression => inputs[1] as Expression;

const unary =
  (op: KernelUnary): PointRow =>
  (_, inputs) => [build.unary(op, first(inputs))];
const binary =
  (op: KernelBinary): PointRow =>
  (_, inputs) => [build.binary(op, first(inputs), second(inputs))];
const rows: { readonly [P in PointPrimitive]: PointRow } = {
  sqrt: (_, inputs) => [build.sqrt(first(inputs))],
  exp: functionOf(exp),
  expm1: functionOf(expm1),
  tanh: functionOf(tanh),
  floor: (_, inputs) => [build.floor(first(inputs))],
  ceil: (_, inputs) => [build.ceil(first(inputs))],
  round: (_, inputs) => [build.round(first(inputs))],
  neg: unary("neg"),
  abs: unary("abs"),
  sign: (block, inputs) => [sign(block, first(inputs))],
  add: binary("add"),
  sub: binary("sub"),
  mul: binary("mul"),
  div: binary("div"),
  max: binary("max"),
  min: binary("min"),
  less: binary("less"),
  lessEqual: binary("lessEqual"),
  equal: binary("equal"),
  notEqual: binary("notEqual"),
  and: binary("and"),
  or: binary("or"),
  xor: binary("xor"),
  not: unary("not"),
  shiftLeft: binary("shiftLeft"),
  shiftRight: binary("shiftRight"),
  select: (_, inputs) => [build.select(first(inputs), second(inputs), inputs[2] as Expression)],
  convert: (_, inputs, parameters) => [build.convert((parameters as Parameters["convert"]).dtype, first(inputs))],
};

/** Writes what a point primitive needs into the block and gives its results. */
export function applyPoint(
  block: Block,
  primitive: PrimitiveName,
  parameters: unknown,
  inputs: readonly Expression[],
): readonly Expression[] {
  const row = (rows as Partial<Record<PrimitiveName, PointRow>>)[primitive] ?? loadedPointRows.find(primitive);
  return row(block, inputs, parameters);
}
