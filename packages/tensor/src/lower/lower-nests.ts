/**
 * From the nests of a step to kernel calls: products with what follows them, copies of their factors, everything else; and
 * large ones in parts, for several threads.
 */
import { loopVariable } from "../kernel/build.ts";
import type { Equation, Variable } from "../program/program.ts";
import { divisionsOf, type NestPart } from "./divide-nest.ts";
import { tensorBytes } from "./element-bytes.ts";
import { joinEpilogue } from "./join-epilogue.ts";
import { nestsKey, sourcesOf } from "./kernel-table.ts";
import { makeKernel, makeProductKernel } from "./make-kernel.ts";
import type { Nest, Source } from "./nest.ts";
import { overlaysIn } from "./overlays.ts";
import { type Buffer, type Place, type PlacedStep, type Sharable, wholeOf } from "./place.ts";
import { type PlannedProduct, planProduct } from "./plan-product.ts";
import { createBuffer, enter, placeOf, type Region, sourcePlace } from "./region.ts";
import type { Group, ScheduleStep } from "./schedule.ts";
import { splitNest } from "./split-nest.ts";

/** The steps of one that has nests, or none. */
export function lowerNests(region: Region, position: number): readonly PlacedStep[] {
  const nests = region.schedule.nests[position] ?? [];
  if (nests.length === 0) return [];
  const step = region.schedule.steps[position] as ScheduleStep;
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
  const divided = divideProduct(region, nest, equations);
  if (divided !== undefined) return divided;
  const { steps, kernel, sources } = callOfProduct(region, nest, planned, equations);
  const places = sources.map((source) => sourcePlace(region, source));
  return [...steps, { kind: "call", kernel, places, over: [] }];
}

/** The kernel of a product, what it is called with, and the copies that come first. */
function callOfProduct(
  region: Region,
  nest: Nest,
  planned: PlannedProduct,
  equations: readonly Equation[],
): { readonly steps: readonly PlacedStep[]; readonly kernel: number; readonly sources: readonly Source[] } {
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
  return { steps, kernel: table.find(key, () => makeProductKernel(planned, equations, traits)), sources };
}

/** A large product in parts that share the copies of their factors; undefined where they cannot. */
function divideProduct(region: Region, nest: Nest, equations: readonly Equation[]): PlacedStep[] | undefined {
  const { traits, divided } = region.lowering;
  if (divided === undefined) return undefined;
  const results = new Set(nest.stores.map(({ target }) => placeOf(region, target).buffer));
  for (const parts of divisionsOf(nest, divided)) {
    const planned = parts.map((part) => planProduct(part.nest, traits));
    const isShared = planned.every((plan, i) => {
      return plan?.copies.every((nests, factor) => {
        const source = nests.length > 0 ? sourcesOf(nests)[0] : plan.product.epilogue.sources[factor];
        if (nests.length === 0) return !results.has(sourcePlace(region, source as Source).buffer);
        const { start, stride } = (parts[i] as NestPart).place(source as Source);
        return start === 0 && stride === 0;
      });
    });
    if (!isShared) continue;
    const steps: PlacedStep[] = [];
    const calls = parts.map((part, i): PartCall => {
      const plan = planned[i] as PlannedProduct;
      const call = callOfProduct(region, part.nest, plan, equations);
      steps.push(...call.steps);
      return { ...call, part, scratch: plan.product.epilogue.scratch };
    });
    return [...steps, inParts(region, calls)];
  }
  return undefined;
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
  // What several nests copy has nothing in common: each by itself can be divided.
  const together = region.lowering.divided === undefined ? [nests] : nests.map((nest) => [nest]);
  const steps = together.map((each) => callNests(region, each, equations));
  if (!isInvariant) return { target, steps };
  enclosing.before.push(...steps);
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
  const { table, traits, divided } = region.lowering;
  const sources = sourcesOf(nests);
  const kernelOf = (some: readonly Nest[]): number =>
    table.find(nestsKey(some, sources), () => makeKernel(some, sources, equations, traits));
  const [nest] = nests;
  const mayDivide = divided !== undefined && nest !== undefined && nests.length === 1;
  const [parts] = mayDivide ? divisionsOf(nest, divided) : [];
  if (parts !== undefined) {
    return inParts(
      region,
      parts.map((part) => ({ part, kernel: kernelOf([part.nest]), sources, scratch: undefined })),
    );
  }
  const places = sources.map((source) => sourcePlace(region, source));
  return { kind: "call", kernel: kernelOf(nests), places, over: sharable(region, nests) };
}

/** The call of a kernel for each turn of a part. */
interface PartCall {
  readonly part: NestPart;
  readonly kernel: number;
  readonly sources: readonly Source[];
  /** Which of the sources is memory that each thread has for itself. */
  readonly scratch: number | undefined;
}

/** Calls that may run at once. */
function inParts(region: Region, calls: readonly PartCall[]): PlacedStep {
  const { token, inner } = enter(region, true);
  const parts = calls.map(({ part, kernel, sources, scratch }) => {
    const loop = loopVariable("part");
    const places = sources.map((source, i): Place => {
      if (i === scratch) return wholeOf(createBuffer(inner, tensorBytes(source)));
      const place = sourcePlace(region, source);
      const { start, stride } = part.place(source);
      const terms = stride === 0 ? place.terms : [...place.terms, { loop, stride }];
      return { ...place, offset: place.offset + start, terms };
    });
    return { loop, count: part.count, body: [{ kind: "call" as const, kernel, places, over: [] }] };
  });
  return { kind: "parallel", token, parts };
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
