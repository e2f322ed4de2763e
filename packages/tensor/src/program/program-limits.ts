/**
 * What one evaluation of a program may take, and what it takes: estimated from shapes and lengths of loops, before
 * anything is allocated or compiled.
 *
 * The estimate is from above: every value is counted as if all were alive at once, every loop as if it ran to its bound.
 */
import { TensorError } from "../errors.ts";
import { sizeOf } from "../shape.ts";
import { definedPrimitives, type Equation, type Parameters, type PrimitiveName } from "./primitive.ts";
import type { Atom, Program, TensorType } from "./program.ts";
import { subprograms } from "./subprograms.ts";

/** Limits of a program that is read from a file. */
export interface ProgramLimits {
  /** Equations, inner programs included. */
  readonly equations: number;
  /** Programs inside programs. */
  readonly depth: number;
  /** Axes of one tensor. */
  readonly axes: number;
  /** Of all values of one evaluation, constants and inputs included. */
  readonly bytes: number;
  /** Elements that one evaluation computes; a product of matrices counts its multiplications. */
  readonly operations: number;
  /** Of a `while`, whose length no shape tells (`boundLoops`). */
  readonly turns: number;
}

/** Far beyond any model of one sample, and less than a second of a processor. */
export const programLimits: ProgramLimits = Object.freeze({
  equations: 20_000,
  depth: 32,
  axes: 32,
  bytes: 2 ** 28,
  operations: 2 ** 30,
  turns: 10_000,
});

/** What one evaluation takes. */
export interface ProgramCost {
  readonly operations: number;
  readonly bytes: number;
}

/** The cost of one evaluation; `turns` are those of each `while`. */
export function programCost(program: Program, turns: number = programLimits.turns): ProgramCost {
  let operations = 0;
  let bytes = bytesOf(program.inputs) + bytesOf(program.outputs.filter(isConstant));
  for (const equation of program.equations) {
    const inner = subprograms(equation.primitive, equation.parameters).map((part) => programCost(part, turns));
    const times = turnsOf(equation, turns);
    operations += workOf(equation) + times * inner.reduce((sum, part) => sum + part.operations, 0);
    bytes += bytesOf(equation.outputs) + bytesOf(equation.inputs.filter(isConstant));
    bytes += inner.reduce((sum, part) => sum + part.bytes, 0);
  }
  return { operations, bytes };
}

/** Errors: a program that takes more than it may. */
export function expectWithin(program: Program, limits: ProgramLimits): void {
  const { operations, bytes } = programCost(program, limits.turns);
  const refuse = (limit: string, found: string): never => {
    throw new TensorError(
      `Cannot read a program: expected at most ${limit} in one evaluation, got ${found}`,
      "No model of ours needs so much: the file is damaged. Where it is yours and right, raise the limits.",
      "unusable-file",
    );
  };
  if (!(operations <= limits.operations)) refuse(`${limits.operations} operations`, operations.toPrecision(3));
  if (!(bytes <= limits.bytes)) refuse(`${limits.bytes} bytes`, bytes.toPrecision(3));
}

/** The bytes of one tensor, at most. */
export function bytesOfType({ dtype, shape }: TensorType): number {
  return sizeOf(shape) * (dtype === "float64" ? 8 : 4);
}

function bytesOf(atoms: readonly Atom[]): number {
  return atoms.reduce((sum, { type }) => sum + bytesOfType(type), 0);
}

function isConstant({ kind }: Atom): boolean {
  return kind === "constant";
}

/** How often a Fourier transform walks over what it holds: four times a longer one where the length is a large prime. */
const transformWork = 100;

/**
 * Elements read or written, whichever are more; at least 1. Algorithms on matrices walk over what they hold once for each
 * column.
 */
function workOf({ primitive, parameters, inputs, outputs }: Equation): number {
  const elements = (atoms: readonly Atom[]): number => atoms.reduce((sum, { type }) => sum + sizeOf(type.shape), 0);
  const moved = Math.max(1, elements(inputs), elements(outputs));
  if (primitive === "cumulativeSum") return 2 * moved;
  if (primitive === "fft") return transformWork * moved;
  if (isDefined(primitive)) return moved * (inputs[0]?.type.shape.at(-1) ?? 1);
  if (primitive !== "dot") return moved;
  const { contract } = parameters as Parameters["dot"];
  const summed = contract[0].reduce((product, axis) => product * (inputs[0]?.type.shape[axis] as number), 1);
  return Math.max(moved, summed * elements(outputs));
}

function isDefined(primitive: PrimitiveName): boolean {
  return (definedPrimitives as readonly string[]).includes(primitive);
}

function turnsOf({ primitive, parameters }: Equation, turns: number): number {
  if (primitive === "scan") return (parameters as Parameters["scan"]).bound;
  return primitive === "while" ? turns : 1;
}
