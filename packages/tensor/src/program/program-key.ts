/**
 * What names a program: two programs with the same key compute the same, in the same equations in the same order.
 *
 * In: a program. Out: text of its equations, with variables numbered in order of definition, and the bytes of its constant
 * arrays. Types of results follow from what is written. Rules of derivatives are code, and nothing of them is lowered:
 * they are left out. Made to be fast, not to be read: `programToJson` is what can be read back.
 */
import type { HostArray } from "../dtype.ts";
import type { Atom, Equation, Program, TensorType, Variable } from "./program.ts";

/** The parts of a key, in order; each begins a new part of a digest. */
export interface ProgramKey {
  readonly text: string;
  /** Every array that constants hold, once, in order of first use. */
  readonly arrays: readonly HostArray[];
}

/** The key of a program. */
export function programKey(program: Program): ProgramKey {
  const arrays = new Map<HostArray, number>();
  return { text: textOf(program, arrays), arrays: [...arrays.keys()] };
}

function textOf({ inputs, equations, outputs }: Program, arrays: Map<HostArray, number>): string {
  const numbers = new Map<Variable, number>();
  let text = "(";
  for (const input of inputs) {
    text += `${showType(input.type)} `;
    numbers.set(input, numbers.size);
  }
  for (const equation of equations) {
    text += `\n${equation.primitive}${parametersOf(equation, arrays)}`;
    for (const atom of equation.inputs) text += ` ${refer(atom, numbers, arrays)}`;
    for (const output of equation.outputs) numbers.set(output, numbers.size);
  }
  text += "\n=";
  for (const atom of outputs) text += ` ${refer(atom, numbers, arrays)}`;
  return `${text})`;
}

function refer(atom: Atom, numbers: ReadonlyMap<Variable, number>, arrays: Map<HostArray, number>): string {
  if (atom.kind === "variable") return `${numbers.get(atom)}`;
  const { type, value } = atom;
  if (typeof value === "number") return `${showType(type)}=${Object.is(value, -0) ? "-0" : value}`;
  const number = arrays.get(value) ?? arrays.size;
  arrays.set(value, number);
  return `${showType(type)}#${number}`;
}

function showType({ dtype, shape }: TensorType): string {
  return `${dtype}[${shape.join(",")}]`;
}

function parametersOf({ parameters }: Equation, arrays: Map<HostArray, number>): string {
  let text = "";
  for (const [key, value] of Object.entries(parameters) as [string, unknown][]) {
    if (typeof value === "function") continue;
    text += ` ${key}:${parameterOf(value, arrays)}`;
  }
  return text;
}

function parameterOf(value: unknown, arrays: Map<HostArray, number>): string {
  if (isProgram(value)) return textOf(value, arrays);
  return Array.isArray(value) && value.some(isProgram)
    ? `[${value.map((item) => parameterOf(item, arrays)).join(" ")}]`
    : `${JSON.stringify(value)}`;
}

function isProgram(value: unknown): value is Program {
  return typeof value === "object" && value !== null && "equations" in value;
}
