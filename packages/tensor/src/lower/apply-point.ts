/**
 * Point primitives as expressions of the kernel language: one row for each.
 */
import { TensorError } from "../errors.ts";
import type { Block } from "../kernel/block.ts";
import * as build from "../kernel/build.ts";
import { elementaryFunctions, pow, rem, sign, threefry2x32 } from "../kernel/functions/index.ts";
import type { Expression, KernelBinary, KernelUnary } from "../kernel/kernel.ts";
import type { Parameters, PrimitiveName } from "../program/primitive.ts";
import { bitBinaries, comparisons, floatUnaries, numericBinaries, shifts } from "../program/primitive.ts";

type Row = (block: Block, inputs: readonly Expression[], parameters: unknown) => readonly Expression[];

const first = (inputs: readonly Expression[]): Expression => inputs[0] as Expression;
const second = (inputs: readonly Expression[]): Expression => inputs[1] as Expression;

const binaryRow =
  (op: KernelBinary): Row =>
  (_, inputs) => [build.binary(op, first(inputs), second(inputs))];
const unaryRow =
  (op: KernelUnary): Row =>
  (_, inputs) => [build.unary(op, first(inputs))];

const rows: ReadonlyMap<PrimitiveName, Row> = new Map<PrimitiveName, Row>([
  ...floatUnaries.map((name): [PrimitiveName, Row] => [
    name,
    (block, inputs) => [elementaryFunctions[name](block, first(inputs))],
  ]),
  ...[...numericBinaries, ...comparisons, ...bitBinaries, ...shifts]
    .filter((name) => name !== "rem")
    .map((name): [PrimitiveName, Row] => [name, binaryRow(name)]),
  ["neg", unaryRow("neg")],
  ["abs", unaryRow("abs")],
  ["not", unaryRow("not")],
  ["sign", (block, inputs) => [sign(block, first(inputs))]],
  ["rem", (block, inputs) => [rem(block, first(inputs), second(inputs))]],
  ["pow", (block, inputs) => [pow(block, first(inputs), second(inputs))]],
  ["select", (_, inputs) => [build.select(first(inputs), second(inputs), inputs[2] as Expression)]],
  ["convert", (_, inputs, parameters) => [build.convert((parameters as Parameters["convert"]).dtype, first(inputs))]],
  ["threefry", (block, inputs) => threefry2x32(block, ...(inputs as [Expression, Expression, Expression, Expression]))],
]);

/** Writes what a point primitive needs into the block and gives its results. */
export function applyPoint(
  block: Block,
  primitive: PrimitiveName,
  parameters: unknown,
  inputs: readonly Expression[],
): readonly Expression[] {
  const row = rows.get(primitive);
  if (row === undefined) {
    throw new TensorError(
      `Cannot lower ${primitive}: expected a point operation, got another kind of primitive`,
      "Give it a row in apply-point.ts, or another role in roles.ts.",
    );
  }
  return row(block, inputs, parameters);
}
