/**
 * From a schedule to driver steps over places: one kernel call for each step that has nests, loops for scan and while.
 *
 * In a scan the slices of sequences are read, and those of results written, where they are in the stacked tensor: their
 * places move with the counter. The carry lives in the memory of the scan's outputs; a new carry is written over the old
 * one when that is safe, else copied there at the end of the body. Results that the loop does not reach are cleared
 * before, unless the length is known to be the bound.
 */
import { loopVariable } from "../kernel/build.ts";
import type { TargetTraits } from "../kernel/kernel.ts";
import type { Atom, Constant, Equation, Variable } from "../program/program.ts";
import { assignOutputs, fillPlace, type Surroundings, type Want } from "./assign-outputs.ts";
import { tensorBytes } from "./element-bytes.ts";
import { joinEpilogue } from "./join-epilogue.ts";
import { type KernelTable, nestsKey, sourcesOf } from "./kernel-table.ts";
import { makeLoopKernel } from "./loop-kernel.ts";
import { carriesWithoutStart, stacksToClear } from "./loop-kernel-clear.ts";
import type { LoopKernel } from "./loop-kernel-plan.ts";
import { makeKernel, makeProductKernel } from "./make-kernel.ts";
import type { Nest, Source } from "./nest.ts";
import { overlaysIn } from "./overlays.ts";
import {
  type Buffer,
  type LoopToken,
  type Place,
  type PlacedStep,
  type Sharable,
  samePlace,
  wholeOf,
} from "./place.ts";
import { type PlannedProduct, planProduct } from "./plan-product.ts";
import { type Alone, aliasRoot, type Group, type Schedule } from "./schedule.ts";
import { splitNest } from "./split-nest.ts";

/** What lowering carries through nested programs. */
export interface Lowering {
  readonly traits: TargetTraits;
  readonly table: KernelTable;
  /** The buffer of a constant, made on first use; fills are written out. */
  readonly constantPlace: (constant: Constant) => Place;
  /** Enclosing loops of the driver. */
  readonly loops: readonly LoopToken[];
}

/** The loop whose body is being lowered, as seen from inside. */
interface EnclosingLoop {
  readonly outer: Lowering;
  /** Inputs of the body that are the same in every turn. */
  readonly invariant: ReadonlySet<Source>;
  /** Steps that run once before the loop. */
  readonly before: PlacedStep[];
}

/** A product that waits for the step that puts its sums to use. */
interface JoinedProduct {
  readonly nest: Nest;
  readonly planned: PlannedProduct;
  readonly equations: readonly Equation[];
}

interface Region {
  readonly lowering: Lowering;
  readonly enclosing: EnclosingLoop | undefined;
  /** Factors of products that have been transposed here, by what they are copies of. */
  readonly packed: Map<string, Variable>;
  readonly numbers: Map<Source, number>;
  /** Steps that run together with a product that has waited for them. */
  readonly joined: Map<number, JoinedProduct>;
  readonly schedule: Schedule;
  readonly places: Map<Variable, Place>;
}

/**
 * The steps of a program. `inputs` are the places of its inputs, `wants(…)` says where results go; results that are
 * wanted nowhere in particular get buffers, found afterwards in the returned places.
 */
export function lowerSchedule(
  lowering: Lowering,
  schedule: Schedule,
  inputs: readonly Place[],
  wants: readonly Want[],
  enclosing?: EnclosingLoop,
): readonly PlacedStep[] {
  const places = new Map<Variable, Place>();
  schedule.program.inputs.forEach((input, i) => {
    places.set(input, inputs[i] as Place);
  });
  const region: Region = {
    lowering,
    schedule,
    places,
    enclosing,
    packed: new Map(),
    numbers: new Map(),
    joined: new Map(),
  };
  const assignment = assignOutputs(schedule, wants, surroundingsOf(region));
  for (const [variable, place] of assignment.presets) places.set(variable, place);
  const steps = schedule.steps.flatMap((_, position) => lowerStep(region, position));
  return [...assignment.before(), ...steps, ...assignment.after()];
}

function surroundingsOf(region: Region): Surroundings {
  return {
    placeOf: (variable) => placeOf(region, variable),
    constantPlace: (constant) => region.lowering.constantPlace(constant),
    createBuffer: (bytes) => createBuffer(region.lowering, bytes),
  };
}

function createBuffer({ loops }: Lowering, bytes: number): Buffer {
  return { bytes, loops, life: "temporary" };
}

/** Where a variable is, or the memory it is given now. */
function placeOf(region: Region, variable: Variable): Place {
  const root = aliasRoot(region.schedule.definitions, variable);
  const before = region.places.get(root);
  if (before !== undefined) return before;
  const place = wholeOf(createBuffer(region.lowering, tensorBytes(root)));
  region.places.set(root, place);
  return place;
}

/** The place of any atom as a whole row-major tensor. */
function atomPlace(region: Region, atom: Atom): Place {
  if (atom.kind === "variable") {
    const root = aliasRoot(region.schedule.definitions, atom);
    const equation = region.schedule.definitions.get(root);
    const [input] = equation?.inputs ?? [];
    const isReshapedConstant = input?.kind === "constant" && !region.schedule.stored.has(root);
    return isReshapedConstant ? region.lowering.constantPlace(input) : placeOf(region, atom);
  }
  return region.lowering.constantPlace(atom);
}

function lowerStep(region: Region, position: number): readonly PlacedStep[] {
  const step = region.schedule.steps[position];
  if (step === undefined) return [];
  if (step.kind === "alone") {
    const kernel = makeLoopKernel(step.equation, region.lowering.traits);
    if (kernel !== undefined) return callLoopKernel(region, step.equation, kernel);
  }
  if (step.kind === "alone" && step.equation.primitive === "scan") return lowerScan(region, step);
  if (step.kind === "alone" && step.equation.primitive === "while") return lowerWhile(region, step);
  const nests = region.schedule.nests[position] ?? [];
  if (nests.length === 0) return [];
  const equations = step.kind === "group" ? step.members : [step.equation];
  const joined = region.joined.get(position);
  if (joined !== undefined) return lowerProduct(region, joined.nest, joined.planned, joined.equations);
  return lowerDot(region, position, equations) ?? callInParts(region, nests, equations);
}

/** A dot as a blocked product; it waits for the step that only puts its sums to use, where there is one. */
function lowerDot(region: Region, position: number, equations: readonly Equation[]): readonly PlacedStep[] | undefined {
  const { schedule, lowering } = region;
  const step = schedule.steps[position];
  const [nest] = schedule.nests[position] ?? [];
  if (step?.kind !== "alone" || step.equation.primitive !== "dot" || nest === undefined) return undefined;
  const joined = joinEpilogue(schedule, position);
  const together = joined && planProduct(joined.nest, lowering.traits);
  if (joined !== undefined && together !== undefined && mayWait(region, position, joined.at, nest, together)) {
    const follower = schedule.steps[joined.at] as Group;
    region.joined.set(joined.at, { ...joined, planned: together, equations: [...equations, ...follower.members] });
    return [];
  }
  const planned = planProduct(nest, lowering.traits);
  return planned && lowerProduct(region, nest, planned, equations);
}

/** Steps that a product waits at most: all of them are looked at. */
const longestWait = 32;

/**
 * Whether the product at `position` may run at `at` together with the step there: nothing has joined that step before,
 * no step between writes over a factor, and no result lies where a factor is that is read while results are written.
 */
function mayWait(
  region: Region,
  position: number,
  at: number,
  nest: Nest,
  { product, copies }: PlannedProduct,
): boolean {
  if (region.joined.has(at) || at - position > longestWait) return false;
  const { schedule } = region;
  const bufferOf = (source: Source): Buffer => sourcePlace(region, source).buffer;
  const { sources, stores } = product.epilogue;
  const read = new Set(sources.filter((_, i) => copies[i]?.length === 0).map(bufferOf));
  if (stores.some(({ target }) => read.has(bufferOf(target)))) return false;
  const factors = new Set(
    sourcesOf([nest])
      .filter((source) => source !== nest.stores[0]?.target)
      .map(bufferOf),
  );
  for (let between = position + 1; between < at; between++) {
    const step = schedule.steps[between];
    const nests = schedule.nests[between] ?? [];
    const own = step?.kind === "alone" ? step.equation.outputs : [];
    const written = [...nests.flatMap((each) => each.stores.map(({ target }) => target)), ...own];
    if (written.some((target) => factors.has(bufferOf(target)))) return false;
  }
  return true;
}

/** A blocked product, after the copies of its factors that are needed. */
function lowerProduct(
  region: Region,
  nest: Nest,
  planned: PlannedProduct,
  equations: readonly Equation[],
): PlacedStep[] {
  const { table, traits } = region.lowering;
  const { copies, product } = planned;
  const steps: PlacedStep[] = [];
  const sources = product.epilogue.sources.map((source, i) => {
    const nests = copies[i] ?? [];
    if (nests.length === 0) return source;
    const copy = copyFactor(region, nests, equations);
    steps.push(...copy.steps);
    return copy.target;
  });
  const key = `product ${nestsKey([nest], sourcesOf([nest]))}`;
  const kernel = table.find(key, () => makeProductKernel(planned, equations, traits));
  const places = sources.map((source) => sourcePlace(region, source));
  return [...steps, { kind: "call", kernel, places, over: [] }];
}

/** The copy of a factor: made once for all products here, and before the loop when it does not change. */
function copyFactor(
  region: Region,
  nests: readonly Nest[],
  equations: readonly Equation[],
): { readonly target: Variable; readonly steps: PlacedStep[] } {
  const source = sourcesOf(nests)[0] as Source;
  const number = region.numbers.get(source) ?? region.numbers.size;
  region.numbers.set(source, number);
  const key = `${number} ${nestsKey(nests, sourcesOf(nests))}`;
  const before = region.packed.get(key);
  if (before !== undefined) return { target: before, steps: [] };
  const target = nests[0]?.stores[0]?.target as Variable;
  region.packed.set(key, target);
  const { enclosing } = region;
  const isInvariant = enclosing !== undefined && (source.kind === "constant" || enclosing.invariant.has(source));
  if (isInvariant) region.places.set(target, wholeOf(createBuffer(enclosing.outer, tensorBytes(target))));
  const call = callNests(region, nests, equations);
  if (!isInvariant) return { target, steps: [call] };
  enclosing.before.push(call);
  return { target, steps: [] };
}

/**
 * Nests of one call, and results of one nest: what is more is called one by one where it can be. Results and parts come
 * side by side by the hundred, and those of one shape then share one kernel instead of being written out one after the other.
 */
const mostTogether = 32;
/** The same in programs of at least so many equations, whose code takes longer to make than calls cost. */
const mostTogetherWhenLong = 4;
const long = 5000;

function callInParts(region: Region, nests: readonly Nest[], equations: readonly Equation[]): PlacedStep[] {
  const most = region.schedule.program.equations.length < long ? mostTogether : mostTogetherWhenLong;
  const memoryOf = (source: Source): Buffer => sourcePlace(region, source).buffer;
  const parts = nests.flatMap((nest) => (nest.stores.length <= most ? [nest] : splitNest(nest, memoryOf)));
  if (parts.length <= most) return [callNests(region, nests, equations)];
  const makers = new Map(equations.flatMap((equation) => equation.outputs.map((output) => [output, equation])));
  return parts.map((nest) => {
    const made = nest.stores.map(({ target }) => makers.get(target));
    return callNests(
      region,
      [nest],
      [...new Set(made)].filter((equation) => equation !== undefined),
    );
  });
}

function callNests(region: Region, nests: readonly Nest[], equations: readonly Equation[]): PlacedStep {
  const { table, traits } = region.lowering;
  const sources = sourcesOf(nests);
  const kernel = table.find(nestsKey(nests, sources), () => makeKernel(nests, sources, equations, traits));
  const places = sources.map((source) => sourcePlace(region, source));
  return { kind: "call", kernel, places, over: sharable(region, nests) };
}

function sourcePlace(region: Region, source: Source): Place {
  return source.kind === "constant" ? region.lowering.constantPlace(source) : placeOf(region, source);
}

/** Results of a single nest that may lie over its operands: those that are stored where the operand is read. */
function sharable(region: Region, nests: readonly Nest[]): Sharable[] {
  const [nest] = nests;
  if (nest === undefined || nests.length > 1) return [];
  const placesOf = (variables: readonly Variable[]): Place[] => variables.map((variable) => placeOf(region, variable));
  return overlaysIn(nest).map(({ results, operands }) => {
    return { results: placesOf(results), operands: placesOf(operands) };
  });
}

function enter(region: Region): { readonly token: LoopToken; readonly inner: Lowering } {
  const token: LoopToken = { kind: "loopToken" };
  return { token, inner: { ...region.lowering, loops: [...region.lowering.loops, token] } };
}

/** Copies an initial carry to where the carry lives, unless it is there. */
function initialise(region: Region, from: Atom, to: Place): PlacedStep[] {
  if (from.kind === "constant") return [fillPlace(from, to, surroundingsOf(region))];
  const place = atomPlace(region, from);
  return samePlace(place, to) ? [] : [{ kind: "copy", from: place, to, bytes: tensorBytes(from) }];
}

function lowerScan(region: Region, { equation, inner: schedules }: Alone): readonly PlacedStep[] {
  const { body, constants, carry, bound, reverse } = (equation as Equation<"scan">).parameters;
  const [length, ...rest] = equation.inputs as readonly [Atom, ...Atom[]];
  const loop = loopVariable("step");
  const { token, inner } = enter(region);
  const outputs = equation.outputs.map((output) => placeOf(region, output));
  const sliceOf = (place: Place, slice: Atom): Place => ({
    ...place,
    terms: [...place.terms, { loop, stride: tensorBytes(slice) }],
  });
  const inputs = body.inputs.map((input, i) => {
    const atom = rest[i] as Atom;
    if (i < constants) return atomPlace(region, atom);
    return i < constants + carry ? (outputs[i - constants] as Place) : sliceOf(atomPlace(region, atom), input);
  });
  const wants = body.outputs.map((atom, i): Want => {
    const target = outputs[i] as Place;
    return i < carry ? { atom, target, over: body.inputs[constants + i] } : { atom, target: sliceOf(target, atom) };
  });
  const known = length.kind === "constant" ? scalarOf(length) : undefined;
  const clears =
    known !== undefined && known >= bound
      ? []
      : outputs.slice(carry).map((at, i): PlacedStep => {
          return { kind: "clear", at, bytes: tensorBytes(equation.outputs[carry + i] as Variable) };
        });
  const starts = rest
    .slice(constants, constants + carry)
    .flatMap((atom, i) => initialise(region, atom, outputs[i] as Place));
  const before: PlacedStep[] = [];
  const invariant = new Set<Source>(body.inputs.slice(0, constants));
  const enclosing: EnclosingLoop = { outer: region.lowering, invariant, before };
  const steps = lowerSchedule(inner, schedules[0] as Schedule, inputs, wants, enclosing);
  const count = known ?? atomPlace(region, length);
  return [...starts, ...clears, ...before, { kind: "repeat", token, loop, length: count, bound, reverse, body: steps }];
}

/** A loop within a kernel, which takes and leaves its carry where the loop's first results are. */
function callLoopKernel(region: Region, equation: Equation, { kernel, carry, scratch }: LoopKernel): PlacedStep[] {
  const { inputs, outputs } = equation;
  const results = outputs.map((output) => placeOf(region, output));
  const [before, rest] = [inputs.slice(0, carry.from), inputs.slice(carry.from)];
  const open = carriesWithoutStart(equation, region.schedule.program);
  const starts = rest
    .slice(0, carry.count)
    .flatMap((atom, i) => (open.has(i) ? [] : initialise(region, atom, results[i] as Place)));
  const clears = stacksToClear(equation, region.schedule.program).map((output): PlacedStep => {
    return { kind: "clear", at: placeOf(region, output), bytes: tensorBytes(output) };
  });
  const operands = [...before, ...rest.slice(carry.count)].map((atom) => atomPlace(region, atom));
  const { table } = region.lowering;
  const number = table.find(`loop ${table.kernels.length}`, () => kernel);
  const own = scratch > 0 ? [wholeOf(createBuffer(region.lowering, scratch))] : [];
  return [...starts, ...clears, { kind: "call", kernel: number, places: [...operands, ...results, ...own], over: [] }];
}

function scalarOf({ value }: Constant): number {
  return typeof value === "number" ? value : (value[0] ?? 0);
}

function lowerWhile(region: Region, { equation, inner: schedules }: Alone): readonly PlacedStep[] {
  const { condition, body, conditionConstants, bodyConstants } = (equation as Equation<"while">).parameters;
  const { token, inner } = enter(region);
  const carry = equation.outputs.map((output) => placeOf(region, output));
  const constants = equation.inputs.slice(0, conditionConstants + bodyConstants);
  const starts = equation.inputs
    .slice(conditionConstants + bodyConstants)
    .flatMap((atom, i) => initialise(region, atom, carry[i] as Place));
  const places = constants.map((atom) => atomPlace(region, atom));
  const flag = wholeOf(createBuffer(region.lowering, 4));
  const test = lowerSchedule(
    inner,
    schedules[0] as Schedule,
    [...places.slice(0, conditionConstants), ...carry],
    [{ atom: condition.outputs[0] as Atom, target: flag }],
  );
  const wants = body.outputs.map(
    (atom, i): Want => ({ atom, target: carry[i] as Place, over: body.inputs[bodyConstants + i] }),
  );
  const steps = lowerSchedule(inner, schedules[1] as Schedule, [...places.slice(conditionConstants), ...carry], wants);
  return [...starts, { kind: "while", token, condition: test, flag, body: steps }];
}
