/**
 * The batch: one class of axes, seen from variables and from equations.
 */
import type { Equation, Variable } from "../../program/program.ts";
import { linksOf } from "./axis-links.ts";

/** A class of axes that may be cut into tiles. */
export interface Batch {
  readonly extent: number;
  /** Which axis of a variable it is; -1 where it has none. */
  axisOf(variable: Variable): number;
}

/** The class of these axes; undefined where some tensor has it twice. */
export function batchOf(members: readonly (readonly [variable: Variable, axis: number])[]): Batch | undefined {
  const axes = new Map<Variable, number>(members);
  if (axes.size < members.length) return undefined;
  const [last] = members.slice(-1);
  const extent = last === undefined ? 0 : (last[0].type.shape[last[1]] as number);
  return { extent, axisOf: (variable) => axes.get(variable) ?? -1 };
}

/** The batch axis of each operand of an equation; that of a constant is found from what it is combined with. */
export function operandAxes(batch: Batch, equation: Equation): readonly number[] {
  const { primitive, inputs } = equation;
  if (primitive === "scan") return scanOperandAxes(batch, equation as Equation<"scan">);
  const links = inputs.some(({ kind }) => kind === "constant") ? linksOf(equation) : [];
  return inputs.map((input) => {
    if (input.kind === "variable") return batch.axisOf(input);
    for (const link of links) {
      for (const [own, other] of [link, [link[1], link[0]] as const]) {
        if (own.atom !== input || other.atom.kind === "constant") continue;
        if (batch.axisOf(other.atom) === other.axis) return own.axis;
      }
    }
    return -1;
  });
}

function scanOperandAxes(batch: Batch, { parameters, inputs }: Equation<"scan">): number[] {
  const { body, constants, carry } = parameters;
  return inputs.map((_, i) => {
    if (i === 0) return -1;
    const axis = batch.axisOf(body.inputs[i - 1] as Variable);
    return axis < 0 || i - 1 < constants + carry ? axis : axis + 1;
  });
}
