/**
 * What marked inputs of a loop reach: a tangent, a batch axis, an unknown value that enters a body spreads to what reads
 * it, and through the carry to later turns. Transforms ask for this before they rebuild a loop, so that they build it
 * once, however long it takes until the carry no longer grows.
 *
 * Each variable is marked at most once and asks its readers then: linear in the program. Loops inside are looked at when
 * nothing else is left to do, and what is found of a body under a mask is remembered.
 */
import { either } from "./arrange.ts";
import type { Parameters, PrimitiveName } from "./primitive.ts";
import type { Atom, Equation, Program, Variable } from "./program.ts";

const tellers: ReadonlySet<PrimitiveName> = new Set(["scan", "while", "switch", "checkpoint"]);

/** Whether marks pass through equations of this primitive output by output, as their bodies tell. */
export function toldByBodies(primitive: PrimitiveName): boolean {
  return tellers.has(primitive);
}

/** How a mark passes through equations. */
export interface Spreading {
  /** Whether a mark on any input marks all results; undefined for those whose bodies are to tell. */
  readonly passes: (equation: Equation) => boolean | undefined;
  /** Whether all results of such a `while` are marked, not only the parts of its carry that marks reach. */
  readonly fillsWhile: (
    equation: Equation<"while">,
    marked: readonly boolean[],
    carried: readonly boolean[],
  ) => boolean;
  /** Results so far, by body and mask; starts empty. */
  readonly known: WeakMap<Program, Map<string, Reached>>;
}

/** What is marked after any number of turns. */
export interface Reached {
  /** Parts of the carry. */
  readonly carried: readonly boolean[];
  /** Outputs of the body, the carry's first. */
  readonly outputs: readonly boolean[];
}

/**
 * What the marked inputs of a loop's body reach.
 *
 * @param body Its inputs are `constants` constants, the carry, then slices; its first outputs are the next carry.
 * @param marked One flag for each input of the body.
 */
export function reachThroughLoop(
  body: Program,
  constants: number,
  carry: number,
  marked: readonly boolean[],
  spreading: Spreading,
): Reached {
  const results = spreading.known.get(body) ?? new Map<string, Reached>();
  spreading.known.set(body, results);
  const key = marked.map(Number).join("");
  const before = results.get(key);
  if (before !== undefined) return before;
  const feedback = new Map<Atom, Variable[]>();
  body.outputs.slice(0, carry).forEach((output, i) => {
    append(feedback, output, body.inputs[constants + i] as Variable);
  });
  const start = body.inputs.filter((_, i) => marked[i] === true);
  const atoms = spread(body, start, feedback, spreading);
  const outputs = body.outputs.map((output) => atoms.has(output));
  const carried = either(marked.slice(constants, constants + carry), outputs.slice(0, carry));
  const reached: Reached = { carried, outputs };
  results.set(key, reached);
  return reached;
}

function spread(
  program: Program,
  start: readonly Variable[],
  feedback: ReadonlyMap<Atom, readonly Variable[]>,
  spreading: Spreading,
): ReadonlySet<Atom> {
  const readers = readersIn(program);
  const reached = new Set<Atom>();
  const waiting: Variable[] = [];
  const loops = new Set<Equation>();
  const mark = (variable: Variable): void => {
    if (reached.has(variable)) return;
    reached.add(variable);
    waiting.push(variable);
  };
  const visit = (equation: Equation): void => {
    const passes = spreading.passes(equation);
    if (passes === undefined) loops.add(equation);
    else if (passes) equation.outputs.forEach(mark);
  };
  start.forEach(mark);
  for (;;) {
    const variable = waiting.pop();
    if (variable !== undefined) {
      feedback.get(variable)?.forEach(mark);
      readers.get(variable)?.forEach(visit);
      continue;
    }
    const [loop] = loops;
    if (loop === undefined) return reached;
    loops.delete(loop);
    const marks = reachOutputs(loop, reached, spreading);
    loop.outputs.filter((_, i) => marks[i] === true).forEach(mark);
  }
}

function readersIn({ equations }: Program): ReadonlyMap<Atom, readonly Equation[]> {
  const readers = new Map<Atom, Equation[]>();
  for (const equation of equations) for (const input of new Set(equation.inputs)) append(readers, input, equation);
  return readers;
}

function append<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}

/** Which outputs of a loop are marked. */
function reachOutputs(loop: Equation, reached: ReadonlySet<Atom>, spreading: Spreading): readonly boolean[] {
  const marked = loop.inputs.map((input) => reached.has(input));
  if (loop.primitive === "checkpoint") {
    const { body } = loop.parameters as Parameters["checkpoint"];
    return reachThroughLoop(body, marked.length, 0, marked, spreading).outputs;
  }
  if (loop.primitive === "switch") {
    const { branches } = loop.parameters as Parameters["switch"];
    if (marked[0] === true) return loop.outputs.map(() => true);
    const inner = branches.map((branch) => {
      return reachThroughLoop(branch, marked.length - 1, 0, marked.slice(1), spreading).outputs;
    });
    return inner.reduce(either);
  }
  if (loop.primitive === "scan") {
    const { body, constants, carry } = loop.parameters as Parameters["scan"];
    const inner = reachThroughLoop(body, constants, carry, marked.slice(1), spreading);
    return inner.outputs.map((flag, i) => (i < carry ? (inner.carried[i] as boolean) : flag));
  }
  const { body, conditionConstants, bodyConstants } = loop.parameters as Parameters["while"];
  const carry = loop.outputs.length;
  const { carried } = reachThroughLoop(body, bodyConstants, carry, marked.slice(conditionConstants), spreading);
  return spreading.fillsWhile(loop as Equation<"while">, marked, carried) ? carried.map(() => true) : carried;
}
