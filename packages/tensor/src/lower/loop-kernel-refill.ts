/**
 * A map over members that holds a `while`, with lanes that are never idle for long: a member that is done is written out
 * at once and its lane takes the next one, so that no lane waits for the slowest of its vector.
 *
 * What a member has to do before its loop is done for as many members at once as a vector has lanes; a small table keeps
 * it until their turn comes.
 *
 * Lanes without a member, after the last one was taken, go on with numbers that nobody reads.
 */
import type { DType } from "../dtype.ts";
import type { Block } from "../kernel/block.ts";
import * as build from "../kernel/build.ts";
import type { Address, Expression, Local, LoopVariable } from "../kernel/kernel.ts";
import type { Atom, Equation, Program, Variable } from "../program/program.ts";
import { sizeOf } from "../shape.ts";
import { bytesOf, tensorBytes } from "./element-bytes.ts";
import { type CarryLeaf, readLeaf, setLeaves, startLeaf } from "./loop-kernel-carry.ts";
import { type Copies, constantElements, copyOf, programElements } from "./loop-kernel-elements.ts";
import { operationsIn } from "./loop-kernel-fit.ts";
import { scopeOfMembers } from "./loop-kernel-members.ts";
import { loadTensor, type Memory, storeTensor } from "./loop-kernel-memory.ts";
import { trim } from "./simplify/trim.ts";

/** The body of such a map, cut at its loop. */
export interface MemberParts {
  readonly loop: Equation<"while">;
  /** From the inputs of the body to those of the loop. */
  readonly head: Program;
  /** Which inputs of the loop differ from member to member. */
  readonly own: readonly boolean[];
  /** From the inputs of the body and the results of the loop to those of the body. */
  readonly tail: Program;
}

/**
 * The parts of a body with a single loop, which has none inside; undefined for others, and where a member has more to do
 * outside of the loop than in one turn: that is done for one member at a time.
 *
 * @param constants how many inputs of the body are the same for all members
 */
export function memberPartsOf(body: Program, constants: number): MemberParts | undefined {
  const isLoop = ({ primitive }: Equation): boolean => primitive === "while";
  const loop = body.equations.find(isLoop) as Equation<"while"> | undefined;
  if (loop === undefined || body.equations.filter(isLoop).length > 1) return undefined;
  const { condition, body: turn } = loop.parameters;
  if ([condition, turn].some(({ equations }) => equations.some(isLoop))) return undefined;
  const equations = body.equations.filter((each) => each !== loop);
  const head = trim({ inputs: body.inputs, equations: before(body, loop), outputs: loop.inputs });
  const tail = trim({ inputs: [...body.inputs, ...loop.outputs], equations, outputs: body.outputs });
  if (operationsIn(head) + operationsIn(tail) > operationsIn(turn)) return undefined;
  const differing = new Set<Atom>(body.inputs.slice(constants));
  for (const { inputs, outputs } of head.equations)
    if (inputs.some((input) => differing.has(input))) for (const output of outputs) differing.add(output);
  const { conditionConstants, bodyConstants } = loop.parameters;
  const own = loop.inputs.map((input, i) => i >= conditionConstants + bodyConstants || differing.has(input));
  return { loop, head, own, tail };
}

function before({ equations }: Program, loop: Equation): readonly Equation[] {
  return equations.slice(0, equations.indexOf(loop));
}

/** What the code of the map is written from. */
interface Refill {
  readonly equation: Equation<"scan">;
  readonly parts: MemberParts;
  /** The constants of the body. */
  readonly fixed: readonly Copies[];
  /** The inputs of the loop: numbers that are the same for all members, or locals. */
  readonly held: readonly (Copies | CarryLeaf)[];
  /** For each copy: which lanes have a member that is not done, and which member a lane has (-1: none). */
  readonly active: readonly Local[];
  readonly member: readonly Local[];
  /** The next one to be taken. */
  readonly next: Local;
  readonly lanes: number;
  readonly lane: LoopVariable;
  readonly table: Table;
}

/** What the loop of the next few members starts from. */
interface Table {
  /** How many members it holds, and the first of them. */
  readonly members: number;
  readonly first: Local;
  /** The parameter that is its memory, and where in it each input of the loop is. */
  readonly base: number;
  readonly offsets: readonly number[];
}

/** Bytes of the table of a map in vectors of `lanes`. */
export function tableBytes({ loop }: MemberParts, lanes: number): number {
  return loop.inputs.reduce((sum, { type }) => sum + sizeOf(type.shape) * lanes * bytesOf(type.dtype), 0);
}

/** Writes the map over all members, in `copies` vectors of `lanes`; the table is the last parameter. */
export function writeRefilled(
  block: Block,
  equation: Equation<"scan">,
  parts: MemberParts,
  fixed: readonly Copies[],
  { lanes, copies }: { readonly lanes: number; readonly copies: number },
): void {
  const widths = new Array<number>(copies).fill(lanes);
  block.loop("lane", 0, 1, 1, (inner, lane) => {
    const shared = sharedInputs(inner, parts, fixed);
    const held = parts.own.map((isOwn, i): Copies | CarryLeaf => {
      const { type } = parts.loop.inputs[i] as Atom;
      return isOwn ? startLeaf(inner, [constantElements({ type }, 0)], widths) : (shared[i] as Copies);
    });
    const each = (label: string, value: Expression): Local[] => widths.map(() => inner.variable(label, value));
    const active = each("active", build.number("bool", lanes, 0));
    const member = each("member", build.number("int32", lanes, -1));
    const next = inner.variable("next", build.number("int32", 1, 0));
    const table = tableOf(inner, equation, parts, lanes);
    writeTurns(inner, { equation, parts, fixed, held, active, member, next, lanes, lane, table });
  });
}

/** The empty table; of one member where there are fewer than lanes. */
function tableOf(
  block: Block,
  { parameters, inputs, outputs }: Equation<"scan">,
  parts: MemberParts,
  lanes: number,
): Table {
  const members = parameters.bound < lanes ? 1 : lanes;
  let at = 0;
  const offsets = parts.loop.inputs.map(({ type }) => {
    const offset = at;
    at += sizeOf(type.shape) * members * bytesOf(type.dtype);
    return offset;
  });
  const first = block.variable("firstAhead", build.number("int32", 1, -members));
  return { members, first, base: inputs.length + outputs.length, offsets };
}

/** The inputs of the loop that are the same for all members; the others are missing. */
function sharedInputs(block: Block, { head, own }: MemberParts, fixed: readonly Copies[]): readonly Copies[] {
  const shared = head.outputs.filter((_, i) => own[i] === false);
  const found = programElements(scopeOfMembers(block, 1), trim({ ...head, outputs: shared }), fixed);
  let at = 0;
  return own.map((isOwn) => (isOwn ? [] : (found[at++] as Copies)));
}

function writeTurns(block: Block, refill: Refill): void {
  const { parts, active, lanes } = refill;
  const { body, conditionConstants, bodyConstants } = parts.loop.parameters;
  const carry = conditionConstants + bodyConstants;
  block.whileAny(unfinished(refill), (filled) => {
    writeFill(filled, refill);
    const any = active.map(build.read).reduce(build.or);
    const goesOn = filled.variable("goesOn", build.number("bool", 1, 0));
    filled.branch(any, (some) => some.set(goesOn, 1));
    // The loop that matters has nothing but turns in it.
    filled.whileAny(build.read(goesOn), (turn) => {
      const leaves = refill.held.slice(carry) as CarryLeaf[];
      const operands = inputsOf(refill).slice(conditionConstants);
      const next = programElements(scopeOfMembers(turn, lanes), body, operands);
      setLeaves(turn, leaves, next);
      const flags = conditionOf(turn, refill, inputsOf(refill), lanes);
      const still = active.map((_, copy) => build.splat(lanes, copyOf(flags, copy)[0] as Expression));
      // Every lane that has a member was active before this turn.
      const ended = active.map((local, copy) => build.and(build.read(local), build.not(still[copy] as Expression)));
      turn.branch(ended.reduce(build.or), (some) => {
        for (const [copy, local] of active.entries())
          some.set(local, build.and(build.read(local), still[copy] as Expression));
        some.set(goesOn, 0);
      });
    });
  });
}

/** Whether members are left, in lanes or to be taken. */
function unfinished({ member, next, lanes, equation }: Refill): Expression {
  const more = build.splat(lanes, build.less(build.read(next), equation.parameters.bound));
  return member.map((ids) => build.lessEqual(0, build.read(ids))).reduce(build.or, more);
}

/** The inputs of the loop as they are now. */
function inputsOf({ held, parts: { own } }: Refill): readonly Copies[] {
  return held.map((each, i) => (own[i] === true ? readLeaf(each as CarryLeaf) : (each as Copies)));
}

function conditionOf(block: Block, { parts }: Refill, inputs: readonly Copies[], lanes: number): Copies {
  const { condition, conditionConstants, bodyConstants } = parts.loop.parameters;
  const asked = [...inputs.slice(0, conditionConstants), ...inputs.slice(conditionConstants + bodyConstants)];
  return programElements(scopeOfMembers(block, lanes), condition, asked)[0] as Copies;
}

/** Lanes that have a member which is done, or could take one. */
function waits({ active, member, next, lanes, equation }: Refill, copy: number): Expression {
  const has = build.lessEqual(0, build.read(member[copy] as Local));
  const more = build.splat(lanes, build.less(build.read(next), equation.parameters.bound));
  return build.and(build.not(build.read(active[copy] as Local)), build.or(has, more));
}

/** Writes out what is done and takes the next members, one at a time, until no lane is left that could do something. */
function writeFill(block: Block, refill: Refill): void {
  const { lanes, member, next, table, equation } = refill;
  const waiting = member.map((_, copy) => block.variable("waiting", waits(refill, copy)));
  block.whileAny(waiting.map(build.read).reduce(build.or), (turn) => {
    const isBeyond = build.lessEqual(build.add(build.read(table.first), table.members), build.read(next));
    turn.branch(build.and(isBeyond, build.less(build.read(next), equation.parameters.bound)), (into) => {
      writeAhead(into, refill);
    });
    // One copy in each turn, so that what is ahead is written once.
    const free = turn.variable("free", build.number("bool", 1, 1));
    waiting.forEach((local, copy) => {
      turn.branch(build.and(build.read(local), build.splat(lanes, build.read(free))), (one) => {
        one.set(free, 0);
        writeExchange(one, refill, copy, build.read(local));
      });
    });
    for (const [copy, local] of waiting.entries()) turn.set(local, waits(refill, copy));
  });
}

/** In the first lane that waits the member that is done leaves, and the next one comes. */
function writeExchange(block: Block, refill: Refill, copy: number, waiting: Expression): void {
  const { lanes, lane, member, next } = refill;
  const ids = member[copy] as Local;
  const numbers = build.index(lane, lanes);
  const first = block.name("first", build.horizontal("min", build.select(waiting, numbers, lanes)));
  const here = block.name("here", build.equal(numbers, build.splat(lanes, first)));
  const done = block.name("done", laneOf(here, build.read(ids)));
  block.branch(build.lessEqual(0, done), (leaving) => {
    writeResults(leaving, refill, copy, here, done);
  });
  const count = build.read(next);
  const taken = block.name("taken", build.select(build.less(count, refill.equation.parameters.bound), count, -1));
  block.set(ids, build.select(here, build.splat(lanes, taken), build.read(ids)));
  block.branch(build.lessEqual(0, taken), (entering) => {
    writeStart(entering, refill, copy, here, taken);
    entering.set(next, build.add(taken, 1));
  });
}

/** Member `taken` begins in the lane `here`. */
function writeStart(block: Block, refill: Refill, copy: number, here: Expression, taken: Expression): void {
  const { parts, held, lanes, active, table } = refill;
  const place = block.name("place", build.sub(taken, build.read(table.first)));
  const start = held.map((leaf, i): Copies => {
    const { dtype, shape } = (parts.loop.inputs[i] as Atom).type;
    if (parts.own[i] !== true) return leaf as Copies;
    const at = (element: number): Address =>
      build.address(table.base, tablePlace(table, i, dtype, element), [], build.mul(place, bytesOf(dtype)));
    return [
      Array.from({ length: sizeOf(shape) }, (_, element) => block.name("start", build.load(dtype, 1, at(element)))),
    ];
  });
  const put = (local: Local, value: Expression): void =>
    block.set(local, build.select(here, build.splat(lanes, value), build.read(local)));
  held.forEach((leaf, i) => {
    if (parts.own[i] !== true) return;
    const values = copyOf(start[i] as Copies, 0);
    copyOfLeaf(leaf as CarryLeaf, copy).forEach((local, element) => {
      put(local, values[element] as Expression);
    });
  });
  const [begins] = conditionOf(block, refill, start, 1);
  put(active[copy] as Local, begins?.[0] as Expression);
}

/** Fills the table from the next member on; the last members of all are taken together. */
function writeAhead(block: Block, { equation, parts, fixed, table, next }: Refill): void {
  const { body, bound, constants } = equation.parameters;
  const { members, base } = table;
  block.set(table.first, build.min(build.read(next), bound - members));
  const chunk = { at: 0, lanes: members, repeated: 0 };
  const slices = body.inputs.slice(constants).map((slice, i) => {
    const memory = placeOf(1 + constants + i, slice, build.read(table.first));
    const stack = { ...slice.type, shape: [bound, ...slice.type.shape] };
    return loadTensor(block, memory, stack, 0, [chunk]);
  });
  const start = programElements(scopeOfMembers(block, members), parts.head, [...fixed, ...slices]);
  start.forEach((values, i) => {
    if (parts.own[i] !== true) return;
    copyOf(values, 0).forEach((value, element) => {
      block.store(build.address(base, tablePlace(table, i, value.dtype, element)), build.splat(members, value));
    });
  });
}

/** Where the table has an element of an input of the loop for its first member. */
function tablePlace({ members, offsets }: Table, input: number, dtype: DType, element: number): number {
  return (offsets[input] as number) + element * members * bytesOf(dtype);
}

/** Writes what member `done` gives, whose loop ended in the lane `here`. */
function writeResults(block: Block, refill: Refill, copy: number, here: Expression, done: Expression): void {
  const { equation, parts, held, fixed } = refill;
  const { body } = equation.parameters;
  const { tail, loop } = parts;
  const wanted = new Set<Atom>([...tail.outputs, ...tail.equations.flatMap(({ inputs }) => inputs)]);
  const ends = loop.outputs.map((output, i): Copies => {
    if (!wanted.has(output)) return [];
    const leaf = held[held.length - loop.outputs.length + i] as CarryLeaf;
    return [copyOfLeaf(leaf, copy).map((local) => block.name("end", laneOf(here, build.read(local))))];
  });
  const operands = [...fixed, ...slicesOf(block, refill, done), ...ends];
  programElements(scopeOfMembers(block, 1), tail, operands).forEach((values, i) => {
    const atom = body.outputs[i] as Atom;
    storeTensor(block, placeOf(1 + body.inputs.length + i, atom, done), atom.type, undefined, [], values);
  });
}

/** What one member has of the slices of the map. */
function slicesOf(block: Block, { equation }: Refill, member: Expression): readonly Copies[] {
  const { body, constants } = equation.parameters;
  return body.inputs.slice(constants).map((slice: Variable, i) => {
    return loadTensor(block, placeOf(1 + constants + i, slice, member), slice.type, undefined, []);
  });
}

function placeOf(base: number, atom: Atom, member: Expression): Memory {
  return { base, dynamic: build.mul(member, tensorBytes(atom)) };
}

function copyOfLeaf(leaf: CarryLeaf, copy: number): readonly Local[] {
  return leaf[copy] as readonly Local[];
}

/** The value in the one lane that is `here`, to the last bit. */
function laneOf(here: Expression, value: Expression): Expression {
  if (value.dtype === "bool") return build.notEqual(laneOf(here, build.convert("int32", value)), 0);
  // x + (-0) is x, also for x = -0.
  const others = value.dtype === "float32" || value.dtype === "float64" ? -0 : 0;
  return build.horizontal("add", build.select(here, value, others));
}
