/**
 * Steps that are taken twice are taken once: a scan that goes again through the turns that a `while` has recorded.
 *
 * An adaptive integration finds its steps by a `while`, which writes their times and lengths into records, and is
 * differentiated through a scan that takes the accepted steps again and keeps what the way back reads. Where the scan
 * provably computes in turn k what the loop computed when it wrote slot k, the loop keeps that itself, as further records,
 * and the scan is gone.
 *
 * In: a simplified program; `fits` says whether a loop with its records is one kernel, which alone writes a slot without
 * going over the whole record. Out: the same results, to the bit. The proof is by equal equations: the body of the scan,
 * with the carry of the loop for its own and the values that are recorded for its slices, has to come to the carry that
 * the loop goes on with when it records.
 */
import { cut } from "../program/arrange.ts";
import type { Atom, Equation, Program, Variable } from "../program/program.ts";
import { fill, variable } from "../program/program.ts";
import { type CountedRecord, countedRecordOf } from "./loop-kernel-record.ts";
import type { Bound } from "./simplify/loop.ts";
import { openProgram } from "./simplify/open-program.ts";
import { createRewriter, type Rewriter, type Rules } from "./simplify/rewriter.ts";

/** A scan over the records of a loop. */
interface Replay {
  readonly loop: Equation<"while">;
  readonly scan: Equation<"scan">;
  /** Which carry of the loop counts the slots; whether a turn records. */
  readonly count: number;
  readonly accept: Atom;
  /** For each sequence of the scan, the record that it is. */
  readonly records: readonly CountedRecord[];
  /** For each carry of the scan, the carry of the loop. */
  readonly carries: readonly number[];
}

type Fits = (loop: Equation<"while">) => boolean;

/** The program without such scans; `rules` are those that it was simplified by. */
export function joinReplays(program: Program, rules: Rules, fits: Fits): Program {
  const scans = program.equations.filter((equation) => equation.primitive === "scan") as Equation<"scan">[];
  return scans.reduce((whole, scan) => {
    const replay = replayOf(whole, scan);
    return replay === undefined ? whole : (joined(whole, replay, rules, fits) ?? whole);
  }, program);
}

/** The scan as a replay, as far as its inputs tell; undefined where it is none. */
function replayOf(program: Program, scan: Equation<"scan">): Replay | undefined {
  const { constants, carry, bound, reverse } = scan.parameters;
  const [length, ...operands] = scan.inputs as readonly [Atom, ...Atom[]];
  const loop = program.equations.find(
    ({ primitive, outputs }) => primitive === "while" && outputs.includes(length as Variable),
  ) as Equation<"while"> | undefined;
  if (loop === undefined || reverse || carry === 0) return undefined;
  const count = loop.outputs.indexOf(length as Variable);
  const records = operands.slice(constants + carry).map((atom) => {
    const leaf = loop.outputs.indexOf(atom as Variable);
    return leaf < 0 ? undefined : countedRecordOf(loop, leaf);
  });
  const [accept] = records.map((record) => record?.write.flag);
  const agree = records.every((record) => record?.count === count && record.write.flag === accept);
  if (accept === undefined || !agree || !staysWithin(loop, count, bound)) return undefined;
  const carries = carriesOf(program, loop, operands.slice(constants, constants + carry), { count, scan });
  return carries && { loop, scan, count, accept, records: records as CountedRecord[], carries };
}

/** Whether the loop ends when the count reaches the bound: it goes on only while a carry holds that says so. */
function staysWithin(
  { parameters: { condition, conditionConstants, body } }: Equation<"while">,
  count: number,
  bound: number,
): boolean {
  const flag = condition.inputs.slice(conditionConstants).indexOf(condition.outputs[0] as Variable);
  const definitionOf = (atom: Atom | undefined): Equation | undefined =>
    body.equations.find(({ outputs }) => outputs.includes(atom as Variable));
  const implies = (atom: Atom | undefined): boolean => {
    const { primitive, inputs } = definitionOf(atom) ?? {};
    if (primitive === "and") return inputs?.some(implies) === true;
    const reached = primitive === "not" ? definitionOf(inputs?.[0]) : undefined;
    const [limit, reaching] = reached?.inputs ?? [];
    const isLimit = limit?.kind === "constant" && typeof limit.value === "number" && limit.value <= bound;
    return reached?.primitive === "lessEqual" && isLimit && reaching === body.outputs[count];
  };
  return flag >= 0 && bound >= 1 && implies(body.outputs[flag]);
}

/** For each carry of the scan, the carry of the loop that begins where it does. */
function carriesOf(
  program: Program,
  loop: Equation<"while">,
  starts: readonly Atom[],
  { count, scan }: { readonly count: number; readonly scan: Equation<"scan"> },
): readonly number[] | undefined {
  const { conditionConstants, bodyConstants } = loop.parameters;
  const own = loop.inputs.slice(conditionConstants + bodyConstants);
  const read = new Set<Atom>([...program.equations.flatMap(({ inputs }) => inputs), ...program.outputs]);
  const taken = new Set<number>();
  const found = starts.map((start, i) => {
    const begins = read.has(scan.outputs[i] as Variable)
      ? start
      : startedIf(program, loop.outputs[count] as Atom, start);
    const at = own.findIndex((atom, k) => !taken.has(k) && isSame(atom, begins));
    taken.add(at);
    return at;
  });
  return found.includes(-1) ? undefined : found;
}

/** What is computed only if there are turns, by a loop of one turn, as it is then; the atom itself otherwise. */
function startedIf({ equations }: Program, count: Atom, atom: Atom): Atom {
  const definitionOf = (each: Atom | undefined): Equation | undefined =>
    equations.find(({ outputs }) => outputs.includes(each as Variable));
  const view = definitionOf(atom);
  const [stacked] = view?.primitive === "reshape" ? view.inputs : [];
  const start = definitionOf(stacked) as Equation<"scan"> | undefined;
  if (start?.primitive !== "scan" || start.parameters.bound !== 1 || start.parameters.carry > 0) return atom;
  const [length, ...operands] = start.inputs;
  const asked = definitionOf(length);
  const some = asked?.primitive === "convert" ? definitionOf(asked.inputs[0]) : undefined;
  const [zero, counted] = some?.primitive === "less" ? some.inputs : [];
  if (counted !== count || zero?.kind !== "constant" || zero.value !== 0) return atom;
  const { body } = start.parameters;
  const result = body.outputs[start.outputs.indexOf(stacked as Variable)];
  return operands[body.inputs.indexOf(result as Variable)] ?? atom;
}

function isSame(a: Atom, b: Atom): boolean {
  if (a === b) return true;
  if (a.kind !== "constant" || b.kind !== "constant" || a.type.dtype !== b.type.dtype) return false;
  if (a.type.shape.join() !== b.type.shape.join()) return false;
  if (typeof a.value === "number" || typeof b.value === "number") return Object.is(a.value, b.value);
  const other = b.value;
  return a.value.every((value, i) => Object.is(value, other[i]));
}

/** The program with the results of the scan recorded by the loop; undefined where they are not those of its turns. */
function joined(program: Program, replay: Replay, rules: Rules, fits: Fits): Program | undefined {
  const { loop, scan, carries } = replay;
  const made = recordingLoop(replay, rules);
  if (made === undefined || !fits(made)) return undefined;
  const at = program.equations.indexOf(loop);
  const end = program.equations.indexOf(scan);
  const later = new Set<Atom>(loop.outputs);
  const before: Equation[] = [];
  const after: Equation[] = [];
  for (const equation of program.equations.slice(at + 1, end)) {
    const depends = equation.inputs.some((input) => later.has(input));
    if (depends) for (const output of equation.outputs) later.add(output);
    (depends ? after : before).push(equation);
  }
  if (made.inputs.some((input) => later.has(input))) return undefined;
  const ends = new Map<Atom, Atom>(carries.map((leaf, i) => [scan.outputs[i] as Variable, loop.outputs[leaf] as Atom]));
  const read = (atom: Atom): Atom => ends.get(atom) ?? atom;
  const renamed = program.equations
    .slice(end + 1)
    .map((equation) =>
      equation.inputs.some((input) => ends.has(input)) ? { ...equation, inputs: equation.inputs.map(read) } : equation,
    );
  const equations = [...program.equations.slice(0, at), ...before, made, ...after, ...renamed];
  return { inputs: program.inputs, equations, outputs: program.outputs.map(read) };
}

/** The loop that records the results of the scan too, as further results of its own. */
function recordingLoop(replay: Replay, rules: Rules): Equation<"while"> | undefined {
  const { loop, scan } = replay;
  const { condition, body, conditionConstants, bodyConstants } = loop.parameters;
  const { carry, bound } = scan.parameters;
  const next = acceptedIn(replay);
  if (next === undefined) return undefined;
  const rewriter = createRewriter(rules);
  const carried = body.inputs.slice(bodyConstants);
  const slices = replay.records.map(({ write }) => write.value);
  const wanted = [...body.outputs, replay.accept, ...next, ...slices];
  const opened = openProgram(rewriter, { ...body, outputs: wanted }, body.inputs);
  const [outputs, [accept], goals, values] = cut(opened, body.outputs.length, 1, next.length) as [
    Atom[],
    [Atom],
    Atom[],
    Atom[],
  ];
  const { held, fresh } = heldBy(replay);
  const begins = replay.carries.map((leaf) => carried[leaf] as Variable);
  const turn = openProgram(rewriter, scan.parameters.body, [...held, ...begins, ...values]);
  if (turn.slice(0, carry).some((atom, i) => !isSame(atom, goals[i] as Atom))) return undefined;
  const mask = slotMask(rewriter, bound, carried[replay.count] as Variable, accept);
  const results = scan.outputs.slice(carry);
  const tape = results.map(({ type }) => variable(type));
  const writes = turn.slice(carry).map((value, i) => writeOf(value, tape[i] as Variable, mask));
  const zeros = results.map(({ type }) => fill(type, 0));
  const inputs = [...body.inputs.slice(0, bodyConstants), ...fresh.map(({ inner }) => inner), ...carried, ...tape];
  const equations = [...rewriter.equations, ...writes.flat()];
  const written = writes.map((steps) => steps.at(-1)?.outputs[0] as Variable);
  const first = conditionConstants + bodyConstants;
  return {
    primitive: "while",
    parameters: {
      condition: { ...condition, inputs: [...condition.inputs, ...results.map(({ type }) => variable(type))] },
      body: { inputs, equations, outputs: [...outputs, ...written] },
      conditionConstants,
      bodyConstants: bodyConstants + fresh.length,
    },
    inputs: [...loop.inputs.slice(0, first), ...fresh.map(({ outer }) => outer), ...loop.inputs.slice(first), ...zeros],
    outputs: [...loop.outputs, ...results],
  };
}

/** For each carry of the scan, what the loop goes on with when it records; undefined where it may be something else. */
function acceptedIn({ loop, carries, accept }: Replay): readonly Atom[] | undefined {
  const { body, bodyConstants } = loop.parameters;
  const definitionOf = (atom: Atom | undefined): Equation | undefined =>
    body.equations.find(({ outputs }) => outputs.includes(atom as Variable));
  const found = carries.map((leaf) => {
    const choice = definitionOf(body.outputs[leaf]);
    const [asked, accepted, otherwise] = choice?.primitive === "select" ? choice.inputs : [];
    const spread = definitionOf(asked);
    const flag = spread?.primitive === "broadcast" ? spread.inputs[0] : asked;
    return flag === accept && otherwise === body.inputs[bodyConstants + leaf] ? accepted : undefined;
  });
  return found.includes(undefined) ? undefined : (found as readonly Atom[]);
}

/** What the constants of the scan are inside the loop; some are new to it. */
function heldBy({ loop, scan }: Replay): { readonly held: readonly Atom[]; readonly fresh: readonly Bound[] } {
  const { body, conditionConstants, bodyConstants } = loop.parameters;
  const fixed = loop.inputs.slice(conditionConstants, conditionConstants + bodyConstants);
  const fresh: Bound[] = [];
  const held = scan.inputs.slice(1, 1 + scan.parameters.constants).map((outer): Atom => {
    const known = outer.kind === "constant" ? outer : body.inputs[fixed.indexOf(outer)];
    if (known !== undefined) return known;
    const inner = variable(outer.type);
    fresh.push({ inner, outer });
    return inner;
  });
  return { held, fresh };
}

/** Where the slot at `index` is: bool [slots], false everywhere if `accept` is. */
function slotMask(rewriter: Rewriter, slots: number, index: Atom, accept: Atom): Atom {
  const shape = [slots];
  const along = (atom: Atom): Atom => rewriter.one("broadcast", { shape, axes: [] }, [atom]);
  const here = rewriter.one("equal", {}, [rewriter.one("iota", { dtype: "int32", shape, axis: 0 }, []), along(index)]);
  return rewriter.one("and", {}, [here, along(accept)]);
}

/** The equations that write one slot of a record; the last one makes the next record. */
function writeOf(value: Atom, record: Variable, mask: Atom): readonly Equation[] {
  const { dtype, shape } = record.type;
  const equations: Equation[] = [];
  const spread = (atom: Atom, axes: readonly number[]): Atom => {
    if (atom.kind === "constant" && typeof atom.value === "number") return fill({ dtype, shape }, atom.value);
    const made = variable({ dtype: atom.type.dtype, shape });
    equations.push({ primitive: "broadcast", parameters: { shape, axes }, inputs: [atom], outputs: [made] });
    return made;
  };
  const slots = spread(
    value,
    shape.slice(1).map((_, axis) => axis + 1),
  );
  const here = shape.length === 1 ? mask : spread(mask, [0]);
  equations.push({
    primitive: "select",
    parameters: {},
    inputs: [here, slots, record],
    outputs: [variable(record.type)],
  });
  return equations;
}
