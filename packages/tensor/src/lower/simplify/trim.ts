/**
 * What nobody reads is removed: equations, and the carries, sequences, constants and results of loops.
 *
 * A carry is read if its last value is, or if something read needs it in a later turn; this is found by following the
 * body until nothing new is needed.
 */
import type { Parameters } from "../../program/primitive.ts";
import type { Atom, Equation, Program, Variable } from "../../program/program.ts";

/** The program without what its outputs do not need. Its inputs stay. */
export function trim(program: Program): Program {
  const live = new Set<Atom>(program.outputs);
  const kept: Equation[] = [];
  for (const equation of program.equations.toReversed()) {
    if (!equation.outputs.some((output) => live.has(output))) continue;
    const smaller = trimEquation(equation, live);
    kept.push(smaller);
    for (const input of smaller.inputs) if (input.kind === "variable") live.add(input);
  }
  return { inputs: program.inputs, equations: kept.reverse(), outputs: program.outputs };
}

function trimEquation(equation: Equation, live: ReadonlySet<Atom>): Equation {
  if (equation.primitive === "scan") return trimScan(equation as Equation<"scan">, live);
  return equation.primitive === "while" ? trimWhile(equation as Equation<"while">, live) : equation;
}

/** The inputs that some outputs of a program depend on. */
function neededInputs(program: Program, outputs: readonly Atom[]): ReadonlySet<Atom> {
  const live = new Set<Atom>(outputs);
  for (const { inputs, outputs: results } of program.equations.toReversed()) {
    if (results.some((result) => live.has(result))) for (const input of inputs) live.add(input);
  }
  return live;
}

/**
 * The carries that are read outside, or by anything read, in some turn: what is wanted is followed to what it is made
 * of, and from a carry to what it becomes in the turn before.
 */
function liveCarries(
  program: Program,
  carries: readonly Variable[],
  isRead: (carry: number) => boolean,
  always: readonly Atom[],
): boolean[] {
  const definitions = new Map<Atom, Equation>();
  for (const equation of program.equations) for (const output of equation.outputs) definitions.set(output, equation);
  const numbers = new Map<Atom, number>(carries.map((carry, i) => [carry, i]));
  const alive = carries.map((_, i) => isRead(i));
  const wanted = [...always, ...program.outputs.filter((_, i) => alive[i] === true)];
  const live = new Set<Atom>();
  for (let atom = wanted.pop(); atom !== undefined; atom = wanted.pop()) {
    if (live.has(atom)) continue;
    live.add(atom);
    const carry = numbers.get(atom);
    if (carry !== undefined && alive[carry] !== true) {
      alive[carry] = true;
      wanted.push(program.outputs[carry] as Atom);
    }
    const equation = definitions.get(atom);
    for (const output of equation?.outputs ?? []) live.add(output);
    for (const input of equation?.inputs ?? []) wanted.push(input);
  }
  return alive;
}

/** Bodies of scans that were trimmed, with which results were read: where no fewer are, there is nothing to remove. */
const trimmed = new WeakMap<Program, readonly boolean[]>();

function trimScan(equation: Equation<"scan">, live: ReadonlySet<Atom>): Equation {
  const before = trimmed.get(equation.parameters.body);
  if (before?.every((isRead, i) => !isRead || live.has(equation.outputs[i] as Variable)) === true) return equation;
  const smaller = trimBody(equation, live);
  trimmed.set(
    smaller.parameters.body,
    smaller.outputs.map((output) => live.has(output)),
  );
  return smaller;
}

function trimBody(equation: Equation<"scan">, live: ReadonlySet<Atom>): Equation<"scan"> {
  const { body, constants, carry, bound, reverse } = equation.parameters;
  const results = body.outputs.map((_, i) => i >= carry && live.has(equation.outputs[i] as Variable));
  const carries = body.inputs.slice(constants, constants + carry);
  const wanted = body.outputs.filter((_, i) => results[i]);
  const alive = liveCarries(body, carries, (i) => live.has(equation.outputs[i] as Variable), wanted);
  const isKept = (i: number): boolean => (i < carry ? (alive[i] as boolean) : (results[i] as boolean));
  const inner = trim({ ...body, outputs: body.outputs.filter((_, i) => isKept(i)) });
  const isSame =
    inner.equations.length === body.equations.length && inner.equations.every((kept, i) => kept === body.equations[i]);
  const keepsAll = isSame && body.outputs.every((_, i) => isKept(i));
  const used = new Set<Atom>([...inner.outputs, ...inner.equations.flatMap(({ inputs }) => inputs)]);
  const stays = body.inputs.map((input, i) => {
    return i >= constants && i < constants + carry ? (alive[i - constants] as boolean) : used.has(input);
  });
  if (keepsAll && stays.every(Boolean)) return equation;
  const parameters: Parameters["scan"] = {
    body: { ...inner, inputs: body.inputs.filter((_, i) => stays[i]) },
    constants: stays.slice(0, constants).filter(Boolean).length,
    carry: alive.filter(Boolean).length,
    bound,
    reverse,
  };
  return {
    primitive: "scan",
    parameters,
    inputs: equation.inputs.filter((_, i) => i === 0 || stays[i - 1]),
    outputs: equation.outputs.filter((_, i) => isKept(i)),
  };
}

function trimWhile(equation: Equation<"while">, live: ReadonlySet<Atom>): Equation {
  const { condition, body, conditionConstants, bodyConstants } = equation.parameters;
  const tested = neededInputs(condition, condition.outputs);
  const isRead = (i: number): boolean =>
    live.has(equation.outputs[i] as Variable) || tested.has(condition.inputs[conditionConstants + i] as Variable);
  const alive = liveCarries(body, body.inputs.slice(bodyConstants), isRead, []);
  const inner = trim({ ...body, outputs: body.outputs.filter((_, i) => alive[i]) });
  const used = new Set<Atom>([...inner.outputs, ...inner.equations.flatMap(({ inputs }) => inputs)]);
  const staysInTest = condition.inputs.map((input, i) =>
    i < conditionConstants ? tested.has(input) : (alive[i - conditionConstants] as boolean),
  );
  const staysInBody = body.inputs.map((input, i) =>
    i < bodyConstants ? used.has(input) : (alive[i - bodyConstants] as boolean),
  );
  const parameters: Parameters["while"] = {
    condition: { ...trim(condition), inputs: condition.inputs.filter((_, i) => staysInTest[i]) },
    body: { ...inner, inputs: body.inputs.filter((_, i) => staysInBody[i]) },
    conditionConstants: staysInTest.slice(0, conditionConstants).filter(Boolean).length,
    bodyConstants: staysInBody.slice(0, bodyConstants).filter(Boolean).length,
  };
  const keeps = (i: number): boolean =>
    i < conditionConstants ? (staysInTest[i] as boolean) : (staysInBody[i - conditionConstants] as boolean);
  return {
    primitive: "while",
    parameters,
    inputs: equation.inputs.filter((_, i) => keeps(i)),
    outputs: equation.outputs.filter((_, i) => alive[i]),
  };
}
