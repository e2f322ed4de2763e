/**
 * Which programs go into a loop kernel: those of tiny tensors, or with one long axis beside tiny ones, and of few
 * operations.
 */
import type { Equation, Program } from "../program/program.ts";
import { sizeOf } from "../shape.ts";
import { costOf } from "./cost.ts";
import { originsOf } from "./loop-kernel-movement.ts";
import { longAxisOf, type NarrowProgram } from "./loop-kernel-width.ts";
import { roleOf } from "./roles.ts";

/** The largest tensor in registers, in elements beside the long axis. */
const mostElements = 12;

/** The most operations of a turn: beyond, calls cost little beside the work, and code grows long. */
const mostOperations = 8000;

/** The most vectors of a long axis: beyond, one tensor fills the registers. */
const mostChunks = 16;

/** Whether programs with `operations` in all, and a long axis of so many vectors, go into one kernel. */
export function fits(programs: readonly NarrowProgram[], operations: number, chunks = 1): boolean {
  return operations <= mostOperations && chunks <= mostChunks && programs.every(({ program }) => isTiny(program));
}

/** Simple operations of one run of a program, one turn of its loops; a long axis of `extent` comes in `chunks` vectors. */
export function operationsIn({ equations }: Program, extent = 1, chunks = 1): number {
  return equations.reduce((sum, { primitive, parameters, inputs, outputs }) => {
    if (primitive === "while") {
      const { condition, body } = parameters as Equation<"while">["parameters"];
      return sum + operationsIn(condition) + operationsIn(body);
    }
    const role = roleOf(primitive);
    if (role !== "reduction" && role !== "point") return sum;
    const shape = (role === "reduction" ? inputs : outputs)[0]?.type.shape ?? [];
    const vectors = longAxisOf(shape, extent) === undefined ? sizeOf(shape) : (sizeOf(shape) / extent) * chunks;
    return sum + vectors * (role === "reduction" ? 1 : costOf(primitive));
  }, 0);
}

function isTiny({ inputs, equations, outputs }: Program): boolean {
  const isSmall = ({ type }: Program["outputs"][number]): boolean =>
    sizeOf(type.shape) > 0 && sizeOf(type.shape) <= mostElements;
  return (
    [...inputs, ...outputs].every(isSmall) &&
    equations.every((equation) => {
      if (![...equation.inputs, ...equation.outputs].every(isSmall)) return false;
      if (equation.primitive === "while") {
        const { condition, body } = (equation as Equation<"while">).parameters;
        return isTiny(condition) && isTiny(body);
      }
      const role = roleOf(equation.primitive);
      return role === "point" || role === "reduction" || originsOf(equation) !== undefined;
    })
  );
}
