/**
 * From the nests of a step to kernel calls: products with what follows them, copies of their factors, everything else; and
 * large ones in parts, for several threads.
 */
import { loopVariable } from "../kernel/build.ts";
import type { Equation, Variable } from "../program/program.ts";
import { divisionsOf } from "./divide-nest.ts";
import { divideProduct, type ProductPart } from "./divide-product.ts";
import { tensorBytes } from "./element-bytes.ts";
import { joinEpilogue } from "./join-epilogue.ts";
import { nestsKey, sourcesOf } from "./kernel-table.ts";
import { makeKernel, makeProductKernel } from "./make-kernel.ts";
import type { Nest, Source } from "./nest.ts";
import { overlaysIn } from "./overlays.ts";
import { type Buffer, type Place, type PlacedStep, type Sharable, wholeOf } from "./place.ts";
import { type PlannedProduct, planProduct } from "./plan-product.ts";
import type { Product } from "./product.ts";
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
  const { table, traits } = region.lowering;
  const { steps, sources } = factorsOfProduct(region, planned, equations);
  const key = `product ${nestsKey([nest], sourcesOf([nest]))}`;
  const kernelOf = (product: Product, part: string): number =>
    table.find(`${key}${part}`, () => makeProductKernel(product, equations, traits));
  const parts = partsOfProduct(region, nest, planned);
  if (parts.length > 0) {
    const { scratch } = planned.product.epilogue;
    const calls = parts.map(({ product, count, place }): PartCall => {
      const { outer, rows, tiling } = product;
      const part = JSON.stringify([outer.map(({ extent }) => extent), rows.extent, tiling.lanes]);
      return { kernel: kernelOf(product, part), sources, count, place: (_, i) => place(i), scratch };
    });
    return [...steps, inParts(region, calls)];
  }
  const places = sources.map((source) => sourcePlace(region, source));
  return [...steps, { kind: "call", kernel: kernelOf(planned.product, ""), places, over: [] }];
}

/** What the kernel of a product is called with, and the copies that come first. */
function factorsOfProduct(
  region: Region,
  { copies, product }: PlannedProduct,
  equations: readonly Equation[],
): { readonly steps: readonly PlacedStep[]; readonly sources: readonly Source[] } {
  const steps: PlacedStep[] = [];
  const sources = product.epilogue.sources.map((source, i) => {
    const nests = copies[i] ?? [];
    if (nests.length === 0) return source;
    const copy = copyFactor(region, nests, equations);
    steps.push(...copy.steps);
    return copy.target;
  });
  return { steps, sources };
}

/** The parts of a product that several threads may share; none where a result lies where a factor is read. */
function partsOfProduct(region: Region, nest: Nest, { product, copies }: PlannedProduct): readonly ProductPart[] {
  const { divided } = region.lowering;
  if (divided === undefined) return [];
  const results = new Set(nest.stores.map(({ target }) => placeOf(region, target).buffer));
  const isSafe = copies.every((nests, factor) => {
    return nests.length > 0 || !results.has(sourcePlace(region, product.epilogue.sources[factor] as Source).buffer);
  });
  return isSafe ? divideProduct(nest, product, divided) : [];
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
      parts.map(({ nest: part, count, place }) => {
        return { kernel: kernelOf([part]), sources, count, place, scratch: undefined };
      }),
    );
  }
  const places = sources.map((source) => sourcePlace(region, source));
  return { kind: "call", kernel: kernelOf(nests), places, over: sharable(region, nests) };
}

/** The call of a kernel for each turn of a part. */
interface PartCall {
  readonly kernel: number;
  readonly sources: readonly Source[];
  readonly count: number;
  /** Bytes to where the first turn has a source, the kernel's parameter `i`, and from turn to turn. */
  readonly place: (source: Source, i: number) => { readonly start: number; readonly stride: number };
  /** Which of the sources is memory that each thread has for itself. */
  readonly scratch: number | undefined;
}

/** Calls that may run at once. */
function inParts(region: Region, calls: readonly PartCall[]): PlacedStep {
  const { token, inner } = enter(region, true);
  const parts = calls.map(({ kernel, sources, count, place: placeIn, scratch }) => {
    const loop = loopVariable("part");
    const places = sources.map((source, i): Place => {
      if (i === scratch) return wholeOf(createBuffer(inner, tensorBytes(source)));
      const place = sourcePlace(region, source);
      const { start, stride } = placeIn(source, i);
      const terms = stride === 0 ? place.terms : [...place.terms, { loop, stride }];
      return { ...place, offset: place.offset + start, terms };
    });
    return { loop, count, body: [{ kind: "call" as const, kernel, places, over: [] }] };
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
