/**
 * Small rearrangements of programs that transforms need: permuted or dropped inputs and outputs, dead code removed.
 */
import type { Atom, Equation, Program, Variable } from "./program.ts";

/** Elements where the mask is true. */
export function where<T>(mask: readonly boolean[], items: readonly T[]): T[] {
  return items.filter((_, i) => mask[i] === true);
}

/** The mask with every entry negated. */
export function complement(mask: readonly boolean[]): boolean[] {
  return mask.map((flag) => !flag);
}

/** Which entries hold in either mask. */
export function either(a: readonly boolean[], b: readonly boolean[]): boolean[] {
  return a.map((flag, i) => flag || b[i] === true);
}

/** The program with inputs and outputs chosen and ordered anew; equations that no longer matter are dropped. */
export function arrange(program: Program, inputs: readonly Variable[], outputs: readonly Atom[]): Program {
  return prune({ ...program, inputs, outputs });
}

/** Without equations whose results nobody reads. */
export function prune(program: Program): Program {
  const needed = new Set<Atom>(program.outputs);
  const kept: Equation[] = [];
  for (let i = program.equations.length - 1; i >= 0; i--) {
    const equation = program.equations[i] as Equation;
    if (!equation.outputs.some((output) => needed.has(output))) continue;
    kept.push(equation);
    for (const input of equation.inputs) needed.add(input);
  }
  return kept.length === program.equations.length ? program : { ...program, equations: kept.reverse() };
}

/** Cuts a list into consecutive parts of the given lengths; what remains is the last part. */
export function cut<T>(items: readonly T[], ...lengths: readonly number[]): T[][] {
  const parts: T[][] = [];
  let from = 0;
  for (const length of lengths) {
    parts.push(items.slice(from, from + length));
    from += length;
  }
  return [...parts, items.slice(from)];
}
