/**
 * Common factors of sums: a g + b g = (a + b) g, for everything linear.
 *
 * Reverse mode hands on the cotangents of a value one by one where it was computed in several places that turned out to be
 * one: what is linear is then done to each of them (the product with a matrix, its part of the gradient) and added only at
 * the end. From the results back, the terms of each sum that one step makes, each from its own operand and from a common
 * factor, become that step of the sum of those operands; which is a sum itself, and is looked at in its turn. Nothing is
 * added to do: two steps and an addition become one step and an addition.
 *
 * In: a program. Out: an equal one but for the order in which terms are added.
 */
import { isFloat } from "../dtype.ts";
import type { PrimitiveName } from "../program/primitive.ts";
import type { Atom, Equation, Program, Variable } from "../program/program.ts";
import { variable } from "../program/program.ts";
import { collectPowers } from "./collect-powers.ts";
import { createFactorGroups, type Linear } from "./factor-groups.ts";
import { accumulateInPlace } from "./simplify/accumulate-in-place.ts";
import { additionChain, additionTree, countUses, ownAddition } from "./simplify/addition-tree.ts";

interface Collection {
  readonly definitions: Map<Atom, Equation>;
  readonly uses: Map<Atom, number>;
  /** The number of the equation that makes an atom, or after which it can be made; of what is there before all: -1. */
  readonly order: Map<Atom, number>;
  readonly innerOf: (atom: Atom) => Equation | undefined;
  /** New sums, as additions of all their terms at once, by the number after which they can be made; latest last. */
  readonly open: Map<number, Equation[]>;
  /** New sums by their terms. */
  readonly sums: Map<string, Variable>;
  readonly numbers: Map<Atom, number>;
  /** Additions that became part of another sum. */
  readonly taken: Set<Equation>;
  /** Additions of which all is known: they stay as they are. */
  readonly settled: Set<Equation>;
  /** What reads each new sum. */
  readonly readers: Map<Atom, Set<PrimitiveName>>;
  /** New sums that are not worth making, with their terms: each is reduced by itself. */
  readonly split: Map<Atom, readonly Atom[]>;
}

/** The program with common factors taken out of its sums, in loops too. */
export function collectFactors(program: Program): Program {
  const steps = program.equations.map(inLoop);
  const collection = createCollection({ ...program, equations: steps });
  const { open, taken, settled, uses } = collection;
  const equations: (readonly Equation[])[] = [];
  for (let i = steps.length - 1; i >= -1; i--) {
    for (let sum = open.get(i)?.pop(); sum !== undefined; sum = open.get(i)?.pop()) {
      if (!taken.has(sum)) equations.push(collectSum(collection, sum));
    }
    const step = steps[i];
    if (step === undefined || taken.has(step) || step.outputs.every((output) => (uses.get(output) ?? 0) === 0))
      continue;
    const isSum = step.primitive === "add" && !settled.has(step) && isFloat((step.outputs[0] as Variable).type.dtype);
    equations.push(isSum ? collectSum(collection, step) : [step]);
  }
  const whole = equations.reverse().flat();
  return { ...program, equations: whole.flatMap((equation) => splitAgain(collection, equation)) };
}

/** A reduction of a sum that is not made: the sum of reductions. */
function splitAgain({ split }: Collection, equation: Equation): readonly Equation[] {
  const terms = split.get(equation.inputs[0] as Atom);
  if (terms === undefined) return [equation];
  const parts = terms.map((term): Equation => {
    return { ...equation, inputs: [term], outputs: [variable((equation.outputs[0] as Variable).type)] };
  });
  const sums = parts.map(({ outputs }) => outputs[0] as Variable);
  return [...parts, ...additionChain(equation, sums)];
}

function inLoop(equation: Equation): Equation {
  if (equation.primitive !== "scan") return equation;
  const scan = equation as Equation<"scan">;
  const { constants, carry } = scan.parameters;
  const body = accumulateInPlace(collectFactors(scan.parameters.body), constants, carry);
  return { ...scan, parameters: { ...scan.parameters, body } } as Equation;
}

function createCollection(program: Program): Collection {
  const uses = countUses(program);
  const definitions = new Map<Atom, Equation>();
  const order = new Map<Atom, number>();
  program.equations.forEach((equation, i) => {
    for (const output of equation.outputs) {
      definitions.set(output, equation);
      order.set(output, i);
    }
  });
  return {
    definitions,
    uses,
    order,
    innerOf: ownAddition(uses, definitions),
    open: new Map(),
    sums: new Map(),
    numbers: new Map(),
    taken: new Set(),
    settled: new Set(),
    readers: new Map(),
    split: new Map(),
  };
}

/** The equations of a sum: the same where its terms have nothing in common. */
function collectSum(collection: Collection, root: Equation): readonly Equation[] {
  const { definitions, taken, settled, innerOf } = collection;
  const { terms, inner } = additionTree(root.inputs, innerOf);
  const groups = createFactorGroups(collection, terms);
  for (let group = groups.largest(); group !== undefined; group = groups.largest())
    groups.replace(group, takeOut(collection, group, (root.outputs[0] as Variable).type));
  const grouped = groups.terms();
  const { terms: left, steps: powers } = collectPowers(grouped, definitions, collection.uses);
  const isSplit = left.length > 1 && isOnlyReduced(collection, root);
  if (isSplit) collection.split.set(root.outputs[0] as Variable, left.length === terms.length ? root.inputs : left);
  if (isSplit && left.length === terms.length) return [];
  if (left.length === terms.length && root.inputs.length === 2) {
    for (const equation of inner) if (!taken.has(equation)) settled.add(equation);
    return [root];
  }
  for (const equation of inner) taken.add(equation);
  const [kept, given] = [new Set(left), new Set(terms)];
  const isNew = new Set(grouped.filter((term) => kept.has(term) && !given.has(term)));
  const steps = [...[...isNew].map((term) => definitions.get(term) as Equation), ...powers];
  if (isSplit) return steps;
  if (left.length > 1) return [...steps, ...additionChain(root, left)];
  const only = steps.pop() as Equation;
  return [...steps, { ...only, outputs: root.outputs }];
}

/** Whether a sum was made to be reduced once: what its terms do not have in common is better reduced where it is made. */
function isOnlyReduced({ uses, readers }: Collection, { outputs }: Equation): boolean {
  const [sum] = outputs as readonly [Variable];
  const primitives = readers.get(sum);
  return uses.get(sum) === 1 && primitives?.size === 1 && primitives.has("reduceSum");
}

/** The common step of the sum of its operands. */
function takeOut(collection: Collection, group: readonly Linear[], type: Variable["type"]): Variable {
  const { definitions, uses, readers } = collection;
  const [first] = group as readonly [Linear];
  const count = (atom: Atom, by: number): void => void uses.set(atom, (uses.get(atom) ?? 0) + by);
  const terms = group.map(({ equation, operand }) => equation.inputs[operand] as Atom);
  for (const { term, equation } of group) {
    uses.set(term, 0);
    for (const input of equation.inputs) count(input, -1);
  }
  const sum = sumOf(collection, terms);
  const { equation, operand } = first;
  readers.set(sum, (readers.get(sum) ?? new Set()).add(equation.primitive));
  const inputs = equation.inputs.map((input, i) => (i === operand ? sum : input));
  const made = variable(type);
  definitions.set(made, { ...equation, inputs, outputs: [made] });
  for (const atom of [...inputs, made]) count(atom, 1);
  return made;
}

/** The sum of some terms, the same for the same ones. */
function sumOf({ sums, numbers, open, order, definitions, uses }: Collection, terms: readonly Atom[]): Variable {
  const key = terms
    .map((term) => {
      numbers.set(term, numbers.get(term) ?? numbers.size);
      return numbers.get(term) as number;
    })
    .sort((a, b) => a - b)
    .join();
  const before = sums.get(key);
  if (before !== undefined) return before;
  const sum = variable((terms[0] as Atom).type);
  const after = Math.max(...terms.map((term) => order.get(term) ?? -1));
  const equation: Equation = { primitive: "add", parameters: {}, inputs: terms, outputs: [sum] };
  sums.set(key, sum);
  order.set(sum, after);
  definitions.set(sum, equation);
  const others = open.get(after);
  if (others === undefined) open.set(after, [equation]);
  else others.push(equation);
  for (const term of terms) uses.set(term, (uses.get(term) ?? 0) + 1);
  return sum;
}
