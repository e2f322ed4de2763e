/**
 * A model with its parameters, ready to run on the host: rollouts of any length and estimates of states.
 *
 * In: a definition, facts, parameters, a target that runs synchronously. Rollouts run in chunks of 128 intervals of one
 * compiled program, so that no length needs a compilation of its own; the last chunk is padded with intervals of
 * length 0. A state is estimated from positions alone: the start whose rollout passes nearest to them, by
 * Levenberg–Marquardt through the model's own dynamics.
 * Deliberately not here: units, bands, trajectories of a data set (`forecast.ts`).
 */
import {
  array,
  type Compiled,
  compile,
  div,
  full,
  type HostTensor,
  jacobianForward,
  mul,
  reshape,
  slice,
  sub,
  type Target,
  type Tensor,
  TensorError,
  vmap,
} from "@leastaction/tensor";
import { levenbergMarquardt } from "../optim/levenberg-marquardt.ts";
import { controlLines, type DelayedControls } from "./control-lines.ts";
import type { AnyModel, DatasetFacts, ModelDefinition } from "./model.ts";
import { type Intervals, type Law, lawOf, rollout, statesAfter, substepsFor } from "./rollout.ts";

/** Times of a rollout, n of them, and the controls meanwhile, on the same clock; none act where `controls` is empty. */
export interface Course extends DelayedControls {
  /** [n] s, increasing. */
  readonly times: Float64Array;
}

/** What a rollout gives, [n] rows each. */
export interface Motion {
  /** [n, state]. */
  readonly states: Float64Array;
  /** [n, 2 d] SI. */
  readonly observations: Float64Array;
  /** [n], or null without a learned energy. */
  readonly energies: Float64Array | null;
}

/** Positions to estimate a state from. */
export interface Glimpse extends Course {
  /** [n, d] SI; NaN where missing. */
  readonly positions: Float64Array;
  /** [2 d] first guess of positions and velocities at the first time. */
  readonly guess: Float64Array;
}

/** A model that runs. */
export interface Simulator {
  readonly stateSize: number;
  /** The state of an observation [2 d]. */
  readonly encode: (observation: Float64Array) => Float64Array;
  /** The motion from a state at the first time on. */
  readonly run: (state: Float64Array, course: Course) => Motion;
  /** The state at the first time, from positions. */
  readonly estimate: (glimpse: Glimpse) => Float64Array;
  /** d state / dt at a state, without control; for phase portraits. Null for step models. */
  readonly slope: ((state: Float64Array) => Float64Array) | null;
  /** The same model with other parameters of the same types; nothing is compiled again. */
  readonly withParameters: (parameters: unknown) => Simulator;
}

const chunk = 128;

/** A simulator. Errors: a target that does not run synchronously. */
export function simulator(model: AnyModel, facts: DatasetFacts, parameters: unknown, target: Target): Simulator {
  if (!target.synchronous) {
    throw new TensorError(
      `Cannot simulate: expected a target that runs synchronously, got ${target.name}`,
      "Use wasm() or another target of the processor.",
    );
  }
  return bind(programsOf(model, facts, parameters, target), facts, parameters);
}

/** The compiled programs of a model, each made when first used; parameters are an argument of all. */
interface Programs {
  readonly encode: () => Compiled<unknown>;
  readonly first: () => Compiled<unknown>;
  readonly chunk: () => Compiled<unknown>;
  readonly slope: (() => Compiled<unknown>) | null;
  readonly estimator: (n: number) => Estimator;
  readonly stateSize: number;
  readonly pieces: number;
}

function programsOf(model: AnyModel, facts: DatasetFacts, structure: unknown, target: Target): Programs {
  const { energy } = model as unknown as ModelDefinition<unknown>;
  const law = lawOf(model, facts, substepsFor(facts, facts.dt));
  const { field } = law;
  const observation = vector(2 * facts.coordinates.length);
  const encode = lazily(() => compile(law.encode as never, [structure, observation], target));
  const [encoded] = encode().program.outputs;
  const stateSize = encoded?.type.shape[0] as number;
  const types = [structure, vector(stateSize)];
  const measure = (tree: unknown, states: Tensor) => ({
    observations: vmap((state: Tensor) => law.observe(tree, state))(states),
    ...(energy === undefined ? {} : { energies: vmap((state: Tensor) => energy(tree, state, facts))(states) }),
  });
  const first = (tree: unknown, start: Tensor) => measure(tree, reshape(start, [1, stateSize]));
  const next = (tree: unknown, start: Tensor, intervals: Intervals) => {
    const states = statesAfter(law, tree, start, intervals);
    return { states, ...measure(tree, states) };
  };
  const slope = (tree: unknown, state: Tensor): Tensor =>
    (field as NonNullable<typeof field>)(tree, full([], 0), state, noControl(facts));
  const estimators = new Map<number, Estimator>();
  return {
    encode,
    stateSize,
    pieces: law.pieces,
    first: lazily(() => compile(first as never, types, target)),
    chunk: lazily(() => compile(next as never, [...types, intervalsOf(null, facts, law.pieces, 0)], target)),
    slope: field === null ? null : lazily(() => compile(slope as never, types, target)),
    estimator: (n) => {
      const made = estimators.get(n) ?? estimator(law, facts, structure, stateSize, n, target);
      estimators.set(n, made);
      return made;
    },
  };
}

function bind(programs: Programs, facts: DatasetFacts, parameters: unknown): Simulator {
  const { stateSize, slope } = programs;
  const encode = (observation: Float64Array): Float64Array =>
    numbers(programs.encode().callSync(parameters, array(observation)));
  return {
    stateSize,
    encode,
    run: (state, course) =>
      runChunks(state, course, facts, programs, {
        first: (start) => programs.first().callSync(parameters, array(start)) as unknown as Measured,
        next: (start, intervals) =>
          programs.chunk().callSync(parameters, array(start), intervals) as unknown as ChunkResult,
      }),
    estimate: (glimpse) => {
      const start = encode(glimpse.guess);
      return glimpse.times.length < 2 ? start : programs.estimator(glimpse.times.length)(parameters, glimpse, start);
    },
    slope: slope === null ? null : (state) => numbers(slope().callSync(parameters, array(state))),
    withParameters: (others) => bind(programs, facts, others),
  };
}

type Measured = { readonly observations: HostTensor; readonly energies?: HostTensor };
type ChunkResult = Measured & { readonly states: HostTensor };
type Estimator = (parameters: unknown, glimpse: Glimpse, start: Float64Array) => Float64Array;

interface ChunkPrograms {
  readonly first: (start: Float64Array) => Measured;
  readonly next: (start: Float64Array, intervals: unknown) => ChunkResult;
}

function runChunks(
  start: Float64Array,
  course: Course,
  facts: DatasetFacts,
  { stateSize, pieces }: Programs,
  { first, next }: ChunkPrograms,
): Motion {
  const n = course.times.length;
  const width = 2 * facts.coordinates.length;
  const states = new Float64Array(n * stateSize);
  const observations = new Float64Array(n * width);
  const begin = first(start);
  const energies = begin.energies === undefined ? null : new Float64Array(n);
  states.set(start);
  observations.set(begin.observations.data);
  energies?.set((begin.energies as HostTensor).data);
  let state = start;
  for (let from = 0; from < n - 1; from += chunk) {
    const rows = Math.min(chunk, n - 1 - from);
    const result = next(state, intervalsOf(course, facts, pieces, from));
    states.set(result.states.data.subarray(0, rows * stateSize) as Float64Array, (from + 1) * stateSize);
    observations.set(result.observations.data.subarray(0, rows * width) as Float64Array, (from + 1) * width);
    energies?.set((result.energies as HostTensor).data.subarray(0, rows) as Float64Array, from + 1);
    state = states.slice((from + rows) * stateSize, (from + rows + 1) * stateSize);
  }
  return { states, observations, energies };
}

/** The intervals of a chunk from row `from` on, padded with length 0; zeros without a course. */
function intervalsOf(
  course: Course | null,
  facts: DatasetFacts,
  pieces: number,
  from: number,
  length: number = chunk,
): HostIntervals {
  const c = facts.controls.length;
  const n = course?.times.length ?? 0;
  const time = (row: number): number => course?.times[Math.min(row, n - 1)] ?? 0;
  const t = Float64Array.from({ length }, (_, k) => time(from + k));
  const h = Float64Array.from({ length }, (_, k) => time(from + k + 1) - time(from + k));
  if (c === 0) return { t: array(t), h: array(h) };
  const acting = course !== null && course.controls.length === c;
  const lines = acting
    ? controlLines(course, { starts: t, lengths: h }, pieces)
    : new Float64Array(length * pieces * 2 * c);
  return { t: array(t), h: array(h), lines: array(lines, [length, pieces, 2, c]) };
}

interface HostIntervals {
  readonly t: HostTensor;
  readonly h: HostTensor;
  readonly lines?: HostTensor;
}

/** The start whose rollout passes nearest to n positions. */
function estimator(
  law: Law,
  facts: DatasetFacts,
  structure: unknown,
  stateSize: number,
  n: number,
  target: Target,
): Estimator {
  const d = facts.coordinates.length;
  const scales = array(Float64Array.from(facts.coordinates, ({ scale }) => scale));
  interface Given {
    readonly intervals: Intervals;
    readonly positions: Tensor;
    readonly weights: Tensor;
  }
  const residual = (tree: unknown, start: Tensor, { intervals, positions, weights }: Given): Tensor => {
    const states = rollout(law, tree, start, intervals);
    const observed = vmap((state: Tensor) => slice(law.observe(tree, state), 0, 0, d))(states);
    return reshape(mul(weights, div(sub(observed, positions), scales)), [n * d]);
  };
  const matrix = { dtype: "float64", shape: [n, d] } as const;
  const types = [
    structure,
    vector(stateSize),
    { intervals: intervalsOf(null, facts, law.pieces, 0, n - 1), positions: matrix, weights: matrix },
  ];
  const value = compile(residual as never, types, target);
  const slopes = (tree: unknown, start: Tensor, given: Given): Tensor =>
    jacobianForward((state: Tensor) => residual(tree, state, given))(start);
  const derivative = compile(slopes as never, types, target);
  return (parameters, { positions, ...course }, start) => {
    const weights = Float64Array.from(positions, (value) => (Number.isFinite(value) ? 1 : 0));
    const given = {
      intervals: intervalsOf(course, facts, law.pieces, 0, n - 1),
      positions: array(
        positions.map((value) => (Number.isFinite(value) ? value : 0)),
        [n, d],
      ),
      weights: array(weights, [n, d]),
    };
    const call = (program: typeof value, x: Float64Array) => numbers(program.callSync(parameters, array(x), given));
    const fit = levenbergMarquardt(
      { residuals: (x) => call(value, x), jacobian: (x) => call(derivative, x), start: [...start] },
      { maxIterations: 20, costTolerance: 1e-9 },
    );
    return Number.isFinite(fit.cost) ? fit.parameters : start;
  };
}

/** A control of zeros, or null where the data has none; traced. */
export function noControl(facts: DatasetFacts): Tensor | null {
  return facts.controls.length === 0 ? null : full([facts.controls.length], 0);
}

function vector(size: number): { readonly dtype: "float64"; readonly shape: readonly number[] } {
  return { dtype: "float64", shape: [size] };
}

function numbers(value: unknown): Float64Array {
  return Float64Array.from((value as HostTensor).data);
}

function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
