/**
 * Programs of tiny tensors as straight code: every element of every tensor is a value of its own, in registers.
 *
 * In: the elements of a program's inputs. Out: those of its outputs. Views cost nothing, point operations are written
 * once for each element, sums run from the first element to the last. A value has one lane, or those of the kernel; one
 * that is the same in all lanes keeps a single lane until it meets another. `copies` of a program run side by side, one
 * vector of lanes each: more members than one vector holds, or the parts of a long axis; what is the same in all copies is
 * computed once. Not done here: memory; loops are handed in.
 */
import type { Block } from "../kernel/block.ts";
import * as build from "../kernel/build.ts";
import type { Expression } from "../kernel/kernel.ts";
import type { Reduction } from "../program/primitive.ts";
import type { Atom, Constant, Equation, Program, TensorType, Variable } from "../program/program.ts";
import { sizeOf } from "../shape.ts";
import { applyPoint } from "./apply-point.ts";
import { originsOf, targetsOf } from "./loop-kernel-movement.ts";
import { roleOf } from "./roles.ts";

/** The elements of one tensor, row-major. */
export type Elements = readonly Expression[];

/** The elements of one tensor in each copy; a single entry when they are the same in all. */
export type Copies = readonly Elements[];

/** Where code is written, and how a loop inside it is written. */
export interface ElementScope {
  readonly block: Block;
  readonly loop: (equation: Equation<"while">, inputs: readonly Copies[]) => readonly Copies[];
  /** Reductions that go on over all lanes and copies. */
  readonly overLanes: ReadonlySet<Equation>;
  /** How many positions these are. */
  readonly extent: number;
  /** Which lanes of a copy count in a sum; undefined: all of them. */
  readonly counted: (copy: number) => Expression | undefined;
}

/** The elements of the outputs of a program on these inputs. */
export function programElements(scope: ElementScope, program: Program, inputs: readonly Copies[]): readonly Copies[] {
  const values = new Map<Variable, Copies>();
  const inlined = choices(program);
  program.inputs.forEach((input, i) => {
    values.set(input, inputs[i] as Copies);
  });
  const read = (atom: Atom): Copies =>
    atom.kind === "variable" ? (values.get(atom) as Copies) : [constantElements(atom, atom.value)];
  for (const equation of program.equations) {
    const operands = equation.inputs.map(read);
    const results =
      equation.primitive === "while"
        ? scope.loop(equation as Equation<"while">, operands)
        : side(equation, operands, (own) => elementsOf(scope.block, equation, own, inlined)).map((copies) =>
            scope.overLanes.has(equation) ? [acrossLanes(scope, equation as Equation<Reduction>, copies)] : copies,
          );
    equation.outputs.forEach((output, i) => {
      values.set(output, results[i] as Copies);
    });
  }
  return program.outputs.map(read);
}

/**
 * Comparisons that only one choice asks for. They stay part of it, since p < q ? p : q is one instruction that targets
 * know when they see it whole.
 */
function choices({ equations, outputs }: Program): ReadonlySet<Atom> {
  const found = new Set<Atom>();
  const read = new Set<Atom>(outputs);
  for (const { primitive, inputs } of equations) {
    inputs.forEach((atom, i) => {
      if (read.has(atom) || primitive !== "select" || i > 0) found.delete(atom);
      else if (atom.kind === "variable") found.add(atom);
      read.add(atom);
    });
  }
  return found;
}

/** The elements of one copy. */
export function copyOf(copies: Copies, copy: number): Elements {
  return (copies[copy] ?? copies[0]) as Elements;
}

/** All with the same number of lanes. */
export function level(values: Elements): Elements {
  const lanes = Math.max(1, ...values.map((value) => value.lanes));
  return values.map((value) => build.splat(lanes, value));
}

/** The results of an equation in each copy in which its operands differ. */
function side(
  { outputs }: Equation,
  operands: readonly Copies[],
  make: (own: readonly Elements[]) => readonly Elements[],
): readonly Copies[] {
  const count = Math.max(1, ...operands.map((copies) => copies.length));
  const made = Array.from({ length: count }, (_, copy) => make(operands.map((copies) => copyOf(copies, copy))));
  return outputs.map((_, output) => made.map((results) => results[output] as Elements));
}

/** The elements of a tensor of this type that is a constant. */
export function constantElements({ type }: { readonly type: TensorType }, value: Constant["value"]): Elements {
  return Array.from({ length: sizeOf(type.shape) }, (_, i) =>
    build.number(type.dtype, 1, typeof value === "number" ? value : (value[i] as number)),
  );
}

function elementsOf(
  block: Block,
  equation: Equation,
  operands: readonly Elements[],
  inlined: ReadonlySet<Atom>,
): readonly Elements[] {
  const [output] = equation.outputs as readonly [Variable];
  const role = roleOf(equation.primitive);
  if (role === "reduction") return [reducedElements(block, equation as Equation<Reduction>, operands[0] as Elements)];
  if (role === "point") return pointElements(block, equation, operands, inlined.has(output) && isComparison(equation));
  return [
    (originsOf(equation) ?? []).map((origin) =>
      "value" in origin
        ? build.number(output.type.dtype, 1, origin.value)
        : (operands[origin.operand]?.[origin.at] as Expression),
    ),
  ];
}

function isComparison({ primitive }: Equation): boolean {
  return primitive === "less" || primitive === "lessEqual";
}

function pointElements(
  block: Block,
  { primitive, parameters, outputs }: Equation,
  operands: readonly Elements[],
  isInlined: boolean,
): readonly Elements[] {
  const size = sizeOf((outputs[0] as Variable).type.shape);
  const made = Array.from({ length: size }, (_, i) => {
    const own = level(operands.map((elements) => elements[i] as Expression));
    const values = applyPoint(block, primitive, parameters, own);
    return isInlined ? values : values.map((value) => block.name(primitive, value));
  });
  return outputs.map((_, output) => made.map((values) => values[output] as Expression));
}

const horizontals = { reduceSum: "add", reduceMax: "max", reduceMin: "min" } as const;
const combine = { reduceSum: build.add, reduceMax: build.max, reduceMin: build.min } as const;

function reducedElements(block: Block, equation: Equation<Reduction>, operand: Elements): Elements {
  const totals: Expression[] = [];
  targetsOf(equation).forEach((target, i) => {
    const before = totals[target];
    const [total, value] = level(
      before === undefined ? [operand[i] as Expression] : [before, operand[i] as Expression],
    );
    totals[target] =
      value === undefined
        ? (total as Expression)
        : block.name(equation.primitive, combine[equation.primitive](total as Expression, value));
  });
  return totals;
}

/** One element each from all lanes of all copies. */
function acrossLanes(
  { block, extent, counted }: ElementScope,
  { primitive }: Equation<Reduction>,
  copies: Copies,
): Elements {
  const join = combine[primitive];
  return copyOf(copies, 0).map((first, element) => {
    // The same value everywhere.
    if (copies.length === 1) return primitive === "reduceSum" ? build.mul(first, extent) : first;
    const parts = copies.map((elements, copy) => {
      const value = elements[element] as Expression;
      const mask = primitive === "reduceSum" ? counted(copy) : undefined;
      return mask === undefined ? value : build.select(mask, value, 0);
    });
    const vector = block.name(primitive, parts.reduce(join));
    return block.name(primitive, build.horizontal(horizontals[primitive], vector));
  });
}
