/**
 * Axes that run along together through a whole program, its loops included.
 *
 * Axes joined by links form a class; the batch is one of them. A class is sound when no tensor has it twice.
 */
import type { Atom, Equation, Program, Variable } from "../../program/program.ts";
import { type AxisOf, linksOf } from "./axis-links.ts";

/** The classes of a program. */
export interface AxisClasses {
  /** The class of an axis of a variable. */
  classOf(variable: Variable, axis: number): number;
  /** Every variable met, in the programs inside too. */
  readonly variables: readonly Variable[];
}

/** Finds the classes of axes of at least this extent; the others stay for themselves. */
export function axisClasses(program: Program, leastExtent: number): AxisClasses {
  const first = new Map<Variable, number>();
  const parent: number[] = [];
  const nodeOf = ({ atom, axis }: AxisOf): number => {
    const variable = atom as Variable;
    let base = first.get(variable);
    if (base === undefined) {
      base = parent.length;
      first.set(variable, base);
      for (let i = 0; i < variable.type.shape.length; i++) parent.push(base + i);
    }
    return base + axis;
  };
  const rootOf = (node: number): number => {
    let root = node;
    while (parent[root] !== root) {
      parent[root] = parent[parent[root] as number] as number;
      root = parent[root] as number;
    }
    return root;
  };
  const join = (a: AxisOf, b: AxisOf): void => {
    if (a.atom.kind === "constant" || b.atom.kind === "constant") return;
    // What runs along together has one extent.
    if ((a.atom.type.shape[a.axis] as number) < leastExtent) return;
    parent[rootOf(nodeOf(a))] = rootOf(nodeOf(b));
  };
  /** Axis k of one tensor with axis k + shift of the other. */
  const joinAll = (a: Atom, b: Atom, shift = 0): void => {
    a.type.shape.forEach((_, axis) => {
      join({ atom: a, axis }, { atom: b, axis: axis + shift });
    });
  };
  const visit = ({ inputs, equations }: Program): void => {
    for (const input of inputs) if (input.type.shape.length > 0) nodeOf({ atom: input, axis: 0 });
    for (const equation of equations) {
      for (const output of equation.outputs) if (output.type.shape.length > 0) nodeOf({ atom: output, axis: 0 });
      if (equation.primitive === "scan") visitScan(equation as Equation<"scan">);
      else for (const [a, b] of linksOf(equation)) join(a, b);
    }
  };
  const visitScan = ({ parameters, inputs, outputs }: Equation<"scan">): void => {
    const { body, constants, carry } = parameters;
    visit(body);
    body.inputs.forEach((inner, i) => {
      joinAll(inner, inputs[i + 1] as Atom, i < constants + carry ? 0 : 1);
    });
    body.outputs.forEach((inner, i) => {
      joinAll(inner, outputs[i] as Atom, i < carry ? 0 : 1);
      if (i < carry) joinAll(inner, body.inputs[constants + i] as Atom);
    });
  };
  visit(program);
  return { classOf: (variable, axis) => rootOf(nodeOf({ atom: variable, axis })), variables: [...first.keys()] };
}
