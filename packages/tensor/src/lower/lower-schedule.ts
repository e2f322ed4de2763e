/**
 * From a schedule to driver steps over places: one kernel call for each step that has nests, loops for scan and while.
 *
 * In a scan the slices of sequences are read, and those of results written, where they are in the stacked tensor: their
 * places move with the counter. The carry lives in the memory of the scan's outputs; a new carry is written over the old
 * one when that is safe, else copied there at the end of the body. Results that the loop does not reach are cleared
 * before, unless the length is known to be the bound.
 */
import { loopVariable } from "../kernel/build.ts";
import type { Atom, Equation, Variable } from "../program/program.ts";
import { assignOutputs, fillPlace, type Surroundings, type Want } from "./assign-outputs.ts";
import { isDivided } from "./divided-work.ts";
import { tensorBytes } from "./element-bytes.ts";
import { makeLoopKernel } from "./loop-kernel.ts";
import { stacksToClear } from "./loop-kernel-clear.ts";
import type { LoopKernel } from "./loop-kernel-form.ts";
import { lowerNests } from "./lower-nests.ts";
import type { Source } from "./nest.ts";
import { loadedPasses } from "./passes-for.ts";
import { type Place, type PlacedStep, samePlace, wholeOf } from "./place.ts";
import { createBuffer, type EnclosingLoop, enter, type Lowering, placeOf, type Region } from "./region.ts";
import { scalarOf } from "./scalar-of.ts";
import { type Alone, aliasRoot, type Schedule } from "./schedule.ts";

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
  if (step.kind === "alone" && step.equation.primitive === "addAt") {
    const { inputs, outputs } = step.equation;
    const start = initialise(region, inputs[0] as Atom, placeOf(region, outputs[0] as Variable));
    return [...start, ...lowerNests(region, position)];
  }
  if (step.kind === "alone" && step.equation.primitive === "scan") return lowerScan(region, step);
  if (step.kind === "alone" && step.equation.primitive === "while") return lowerWhile(region, step);
  return lowerNests(region, position);
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
  const { divided } = region.lowering;
  const isParallel = divided !== undefined && isDivided(equation as Equation<"scan">, divided);
  const { token, inner } = enter(region, isParallel);
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
  if (isParallel)
    return [...clears, ...before, { kind: "parallel", token, parts: [{ loop, count: bound, body: steps }] }];
  return [...starts, ...clears, ...before, { kind: "repeat", token, loop, length: count, bound, reverse, body: steps }];
}

/** A loop within a kernel, which takes and leaves its carry where the loop's first results are. */
function callLoopKernel(region: Region, equation: Equation, { kernel, carry, scratch }: LoopKernel): PlacedStep[] {
  const { inputs, outputs } = equation;
  const results = outputs.map((output) => placeOf(region, output));
  const [before, rest] = [inputs.slice(0, carry.from), inputs.slice(carry.from)];
  const open = loadedPasses.get("while")?.carriesWithoutStart(equation, region.schedule.program);
  const starts = rest
    .slice(0, carry.count)
    .flatMap((atom, i) => (open?.has(i) === true ? [] : initialise(region, atom, results[i] as Place)));
  const clears = stacksToClear(equation, region.schedule.program).map((output): PlacedStep => {
    return { kind: "clear", at: placeOf(region, output), bytes: tensorBytes(output) };
  });
  const operands = [...before, ...rest.slice(carry.count)].map((atom) => atomPlace(region, atom));
  const { table } = region.lowering;
  const number = table.find(`loop ${table.kernels.length}`, () => kernel);
  const own = scratch > 0 ? [wholeOf(createBuffer(region.lowering, scratch))] : [];
  return [...starts, ...clears, { kind: "call", kernel: number, places: [...operands, ...results, ...own], over: [] }];
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
