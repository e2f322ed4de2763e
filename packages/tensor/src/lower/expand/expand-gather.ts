/**
 * Gathers and scatters of tensors that are in parts: what is gathered from several tensors of one shape is in parts too.
 */
import type { Atom, Equation, Variable } from "../../program/program.ts";
import type { Expansion } from "./expansion.ts";

/** Rows of parts, where no axis up to that of the indices is taken apart; false where the operand is in one piece. */
export function expandGather(expansion: Expansion, equation: Equation<"gather">): boolean {
  const [, indices] = equation.inputs as readonly [Atom, Atom];
  const { batch } = equation.parameters;
  return inParts(expansion, equation, batch + 1, indices.type.shape.length);
}

/** Likewise, into parts. */
export function expandScatterAdd(expansion: Expansion, equation: Equation<"scatterAdd">): boolean {
  const [, indices] = equation.inputs as readonly [Atom, Atom];
  const { batch } = equation.parameters;
  return inParts(expansion, equation, indices.type.shape.length, batch + 1);
}

/** The equation part by part; the axes of a row are the last ones, from `before` on in the operand, `after` in the result. */
function inParts(
  { rewriter, whole, known, note }: Expansion,
  { primitive, parameters, inputs, outputs }: Equation<"gather" | "scatterAdd">,
  before: number,
  after: number,
): boolean {
  const [operand, indices] = inputs as readonly [Atom, Atom];
  const parts = operand.kind === "variable" ? known(operand) : undefined;
  if (parts === undefined || parts.axes.length === 0 || parts.axes.some((axis) => axis < before)) return false;
  const chosen = whole(indices);
  const atoms = parts.atoms.map((part) => rewriter.one(primitive, parameters, [part, chosen]));
  note(outputs[0] as Variable, { axes: parts.axes.map((axis) => axis - before + after), atoms });
  return true;
}
