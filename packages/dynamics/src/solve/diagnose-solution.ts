/**
 * Why an integration failed, in words: for people, on the host, after a run.
 *
 * In: a solution, or a batch of them, best made with `explain: true`. Out: for every member that failed where it stopped,
 * in which component, what was tried, the likely cause and what to do. A cause is a conclusion from few numbers, and is
 * called likely for that reason; the facts are in the same record.
 */
import { type HostTensor, type Leaf, type MapLeaves, mapTree, sizeOf, TensorError } from "@leastaction/tensor";
import type { Failure } from "./failure.ts";
import { type Cause, causeOf, remedyFor } from "./failure-cause.ts";
import { type StatusName, statusNames } from "./status.ts";

/** What is read of a solution; leading axes are those of a batch. */
export interface SolutionOnHost {
  readonly t: HostTensor;
  /** A tree of host tensors. */
  readonly y: unknown;
  readonly status: HostTensor;
  readonly statistics: { readonly accepted: HostTensor; readonly rejected: HostTensor };
  readonly failure?: MapLeaves<Failure, HostTensor>;
}

/** Options of `diagnoseSolution`. */
export interface DiagnoseOptions {
  /** Names of the numbers of one state, leaf by leaf; default: their places in the tree, such as `y.q[1]`. */
  readonly names?: readonly string[];
}

/** One integration that failed. */
export interface Diagnosis {
  /** Which of the batch, 0 when there is none. */
  readonly member: number;
  readonly status: Exclude<StatusName, "success">;
  /** Time reached. */
  readonly t: number;
  readonly accepted: number;
  readonly rejected: number;
  /** The component concerned, its value and its derivative there; null without `explain`. */
  readonly component: string | null;
  readonly value: number | null;
  readonly slope: number | null;
  /** Length of the step tried last; null without `explain`. */
  readonly step: number | null;
  readonly cause: Cause;
  /** All of this in sentences. */
  readonly message: string;
}

/**
 * The diagnoses of all members that failed, in order; empty when all succeeded.
 *
 * @example
 * const blowUp = evaluate(() => solve({ field: (_t, y) => square(y), t0: 0, t1: 2, y0: array([1]), explain: true }));
 * diagnoseSolution(blowUp)[0]?.cause; // => "blowUp"
 *
 * Errors: names of another number than there are components.
 */
export function diagnoseSolution(solution: SolutionOnHost, { names }: DiagnoseOptions = {}): Diagnosis[] {
  const components = namesOf(solution, names);
  return Array.from(solution.status.data, (code, member) => ({ code, member }))
    .filter(({ code }) => statusNames[code] !== "success")
    .map(({ code, member }) => diagnosisOf(solution, components, member, statusNames[code] as Diagnosis["status"]));
}

function diagnosisOf(
  { t, statistics, failure }: SolutionOnHost,
  components: readonly string[],
  member: number,
  status: Diagnosis["status"],
): Diagnosis {
  const read = (tensor: HostTensor): number => tensor.data[member] as number;
  const facts = failure === undefined ? null : (mapTree(failure, (leaf) => read(leaf as HostTensor)) as Facts);
  const cause = causeOf(status, facts);
  const found = {
    member,
    status,
    t: read(t),
    accepted: read(statistics.accepted),
    rejected: read(statistics.rejected),
    component: facts === null ? null : (components[facts.component] ?? null),
    value: facts?.value ?? null,
    slope: facts?.slope ?? null,
    step: facts === null ? null : Math.abs(facts.step),
    cause,
  };
  return { ...found, message: sentences(found, facts) };
}

/** The facts of one member as numbers. */
type Facts = MapLeaves<Failure, number>;

function sentences(found: Omit<Diagnosis, "message">, facts: Facts | null): string {
  const { t, status, accepted, rejected, component, cause, step } = found;
  const where = `The integration stopped at t = ${short(t)} after ${accepted} steps (${rejected} rejected): ${status}.`;
  if (facts === null || component === null || step === null) {
    return `${where} Solve again with explain: true to see where and why. The solution up to there is kept.`;
  }
  const state = `${component} is ${short(facts.value)}, its derivative ${short(facts.slope)}; the last step tried was ${short(step)} long, ${short(facts.remaining)} is left.`;
  return `${where} Likely cause: ${remedyFor(cause, component, facts)} There, ${state} The solution up to there is kept.`;
}

function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}

function namesOf({ y, status }: SolutionOnHost, names: readonly string[] | undefined): readonly string[] {
  const rank = status.shape.length;
  const places: string[] = [];
  mapTree(y, (leaf, path) => {
    const shape = (leaf as Leaf).shape.slice(rank);
    for (let i = 0; i < sizeOf(shape); i++) places.push(`y${path}${placeIn(shape, i)}`);
  });
  if (names === undefined) return places;
  if (names.length === places.length) return names;
  throw new TensorError(
    `Cannot diagnose a solution: expected ${places.length} names, got ${names.length}`,
    `Name every number of the state: ${places.join(", ")}.`,
  );
}

/** `[i, j]` of a flat index; nothing for a scalar. */
function placeIn(shape: readonly number[], index: number): string {
  if (shape.length === 0) return "";
  let rest = index;
  const places = [...shape].reverse().map((extent) => {
    const place = rest % extent;
    rest = Math.floor(rest / extent);
    return place;
  });
  return `[${places.reverse().join(", ")}]`;
}
