/**
 * Point primitives as expressions of the kernel language: one row for each.
 */
import { TensorError } from "../errors.ts";
import type { Block } from "../kernel/block.ts";
import * as build from "../kernel/build.ts";
import { atan2, elementaryFunctions, polygamma, pow, rem, sign, threefry2x32 } from "../kernel/functions/index.ts";
import type { Expression, KernelBinary, KernelUnary } from "../kernel/kernel.ts";
import type {
  BitBinary,
  Comparison,
  FloatUnary,
  NumericBinary,
  NumericUnary,
  Parameters,
  PrimitiveName,
  Shift,
} from "../program/primitive.ts";

/** The primitives that are computed by element. */
type PointPrimitive =
  | FloatUnary
  | NumericUnary
  | NumericBinary
  | Comparison
  | BitBinary
  | Shift
  | "not"
  | "pow"
  | "atan2"
  | "polygamma"
  | "select"
  | "convert"
  | "threefry";

type Row = (block: Block, inputs: readonly Expression[], parameters: unknown) => readonly Expression[];

const first = (inputs: readonly Expression[]): Expression => inputs[0] as Expression;
const second = (inputs: readonly Expression[]): Expression => inputs[1] as Expression;

const unary =
  (op: KernelUnary): Row =>
  (_, inputs) => [build.unary(op, first(inputs))];
const binary =
  (op: KernelBinary): Row =>
  (_, inputs) => [build.binary(op, first(inputs), second(inputs))];
const elementary =
  (name: FloatUnary): Row =>
  (block, inputs) => [elementaryFunctions[name](block, first(inputs))];

const rows: { readonly [P in PointPrimitive]: Row } = {
  sqrt: elementary("sqrt"),
  exp: elementary("exp"),
  expm1: elementary("expm1"),
  log: elementary("log"),
  log1p: elementary("log1p"),
  sin: elementary("sin"),
  cos: elementary("cos"),
  tanh: elementary("tanh"),
  erf: elementary("erf"),
  erfc: elementary("erfc"),
  lgamma: elementary("lgamma"),
  digamma: elementary("digamma"),
  floor: elementary("floor"),
  ceil: elementary("ceil"),
  round: elementary("round"),
  neg: unary("neg"),
  abs: unary("abs"),
  sign: (block, inputs) => [sign(block, first(inputs))],
  add: binary("add"),
  sub: binary("sub"),
  mul: binary("mul"),
  div: binary("div"),
  rem: (block, inputs) => [rem(block, first(inputs), second(inputs))],
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
  pow: (block, inputs) => [pow(block, first(inputs), second(inputs))],
  atan2: (block, inputs) => [atan2(block, first(inputs), second(inputs))],
  polygamma: (block, inputs, parameters) => [
    polygamma(block, first(inputs), (parameters as Parameters["polygamma"]).order),
  ],
  select: (_, inputs) => [build.select(first(inputs), second(inputs), inputs[2] as Expression)],
  convert: (_, inputs, parameters) => [build.convert((parameters as Parameters["convert"]).dtype, first(inputs))],
  threefry: (block, inputs) => threefry2x32(block, ...(inputs as [Expression, Expression, Expression, Expression])),
};

/** Writes what a point primitive needs into the block and gives its results. */
export function applyPoint(
  block: Block,
  primitive: PrimitiveName,
  parameters: unknown,
  inputs: readonly Expression[],
): readonly Expression[] {
  if (!Object.hasOwn(rows, primitive)) {
    throw new TensorError(
      `Cannot lower ${primitive}: expected a point operation, got another kind of primitive`,
      "Give it a row in apply-point.ts, or another role in roles.ts.",
      "defect",
    );
  }
  return rows[primitive as PointPrimitive](block, inputs, parameters);
}
