/**
 * Which loops become kernels of their own: those whose tensors are tiny and whose bodies are small.
 */
import type { Equation, Program } from "../program/program.ts";
import { sizeOf } from "../shape.ts";
import { costOf } from "./cost.ts";
import { originsOf } from "./loop-kernel-movement.ts";
import { roleOf } from "./roles.ts";

/** The largest tensor in registers, in elements. */
const mostElements = 32;

/** The most operations of a turn: beyond, calls cost little beside the work, and code grows long. */
const mostOperations = 4000;

/** Whether a `while` can be one kernel. */
export function fitsWhileKernel({ parameters, inputs }: Equation<"while">): boolean {
  return inputs.every(({ type }) => sizeOf(type.shape) <= mostElements) && fits(parameters.condition, parameters.body);
}

/** Whether a scan is a map over members that holds a `while`, and can be one kernel. */
export function fitsMemberKernel({ parameters, inputs }: Equation<"scan">): boolean {
  const { body, carry, bound } = parameters;
  const [length] = inputs;
  const isWhole = length?.kind === "constant" && typeof length.value === "number" && length.value >= bound;
  return isWhole && carry === 0 && body.equations.some(({ primitive }) => primitive === "while") && fits(body);
}

/** Simple operations of one run of a program, one turn of its loops. */
export function operationsIn(program: Program): number {
  return program.equations.reduce((sum, { primitive, parameters, inputs, outputs }) => {
    const size = sizeOf(outputs[0]?.type.shape ?? []);
    const role = roleOf(primitive);
    if (primitive === "while") {
      const { condition, body } = parameters as Equation<"while">["parameters"];
      return sum + operationsIn(condition) + operationsIn(body);
    }
    if (role === "reduction") return sum + sizeOf(inputs[0]?.type.shape ?? []);
    return role === "point" ? sum + size * costOf(primitive) : sum;
  }, 0);
}

function fits(...programs: readonly Program[]): boolean {
  return programs.every(isTiny) && programs.reduce((sum, program) => sum + operationsIn(program), 0) <= mostOperations;
}

function isTiny({ inputs, equations }: Program): boolean {
  return (
    inputs.every(({ type }) => sizeOf(type.shape) <= mostElements) &&
    equations.every((equation) => {
      if (equation.primitive === "while") return fitsWhileKernel(equation as Equation<"while">);
      const role = roleOf(equation.primitive);
      const isSmall = equation.outputs.every(
        ({ type }) => sizeOf(type.shape) > 0 && sizeOf(type.shape) <= mostElements,
      );
      const hasOperands = equation.inputs.every(({ type }) => sizeOf(type.shape) > 0);
      return isSmall && hasOperands && (role === "point" || role === "reduction" || originsOf(equation) !== undefined);
    })
  );
}
