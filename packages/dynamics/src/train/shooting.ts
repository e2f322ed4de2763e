/**
 * Multiple shooting: parameters and the state at the start of every window, fitted together to the measured positions.
 *
 * In: windows and a law. Out: a least-squares problem over [parameters, fitted delays, states of the windows], for
 * Levenberg–Marquardt. The residual of a position is in units of 0.3 % of its coordinate's scale; parameters of networks
 * carry a prior of standard deviation 1 in those units, which keeps directions that the data leave open near zero.
 * The compiled program is that of one window, batched: residuals and their derivatives with respect to the parameters
 * and the window's own start, forward through the rollout. A delay moves the lines that the rollout sees of its control
 * (`model/control-lines.ts`): the host makes them and their derivatives anew at each delay, whatever the hold.
 * Source: Bock, 1983, "Recent advances in parameter identification techniques for O.D.E.", doi:10.1007/978-1-4684-7324-7_7.
 */
import {
  add,
  array,
  at,
  compile,
  concatenate,
  div,
  full,
  type HostTensor,
  jacobianForward,
  mul,
  reshape,
  slice,
  stack,
  sub,
  type Target,
  type Tensor,
  vmap,
} from "@leastaction/tensor";
import type { DataPlace } from "../data/data-place.ts";
import { controlLinesByDelay } from "../model/control-lines.ts";
import { flatBounds, flatten, unflatten } from "../model/flat-parameters.ts";
import type { AnyModel, DatasetFacts } from "../model/model.ts";
import { type Intervals, lawOf, rollout, substepsFor } from "../model/rollout.ts";
import type { LeastSquaresProblem } from "../optim/levenberg-marquardt.ts";
import type { Windows } from "./window.ts";
import { windowLines } from "./window-lines.ts";

/** Residuals of positions are in units of this share of the coordinate's scale. */
export const positionTolerance = 0.003;

/** A tree of tensors of one window. */
interface WindowData {
  readonly intervals: Intervals;
  /** The derivatives of the lines of the controls by their delays; only where a delay is fitted. */
  readonly slopes?: Tensor;
  readonly positions: Tensor;
  readonly weights: Tensor;
}

/** The least-squares problem of windows, with what is needed to read its solution. */
export interface Shooting extends LeastSquaresProblem {
  /** How many of the unknowns are parameters; the fitted delays follow, then the states. */
  readonly parameterCount: number;
  readonly delayCount: number;
  /** Numbers in one state. */
  readonly stateSize: number;
  /** Residuals that come from data; those of the prior follow. */
  readonly dataCount: number;
  /** Residuals of one window, time by time, and of one time. */
  readonly windowRows: number;
  readonly rowsPerTime: number;
  /** Where a residual that comes from data was measured, and of what; for messages. */
  readonly originOf: (row: number) => { readonly place: DataPlace; readonly coordinate: string };
}

/** What a fit by shooting needs. */
export interface ShootingOptions {
  readonly model: AnyModel;
  readonly facts: DatasetFacts;
  /** A tree of host tensors: the start, and the structure. */
  readonly parameters: unknown;
  readonly windows: Windows;
  readonly target: Target;
  /** States of the windows to start from, [S, n]; default encoded from the first measured samples. */
  readonly starts?: Float64Array;
  /** [c] how late each control acts, s: given, or where the fit of it starts. Default at once. */
  readonly delays?: readonly number[];
  /** Which of the controls have a delay that is fitted, and the longest that it may be, s; default none. */
  readonly fitted?: FittedDelays;
}

/** Controls whose delays are unknowns. */
export interface FittedDelays {
  /** Indices of controls. */
  readonly controls: readonly number[];
  /** s. */
  readonly longest: number;
}

const noneFitted: FittedDelays = { controls: [], longest: 0 };

/** The problem over [parameters, fitted delays, states]. */
export function shooting(options: ShootingOptions): Shooting {
  const { model, facts, parameters, windows, target, fitted = noneFitted } = options;
  const theta = flatten(parameters, model.frozen);
  const initial = options.starts ?? encodedStarts({ model, facts, parameters, windows, target });
  const delays = facts.controls.map((_, i) => options.delays?.[i] ?? 0);
  const [p, f, stateSize] = [theta.length, fitted.controls.length, initial.length / windows.count];
  const dataAt = stackedData(windows, facts, lawOf(model, facts, substepsFor(facts, facts.dt)).pieces, fitted);
  const residual = windowResidual(model, facts, parameters, { p, fitted });
  const each = (f: (x: Tensor, given: WindowData) => Tensor) => (vector: Tensor, states: Tensor, given: WindowData) =>
    vmap((theta0: Tensor, state: Tensor, own: WindowData) => f(concatenate([theta0, state]), own), [null, 0, 0])(
      vector,
      states,
      given,
    );
  const types = [array(new Float64Array(p + f)), array(initial, [windows.count, stateSize]), dataAt(delays)];
  const value = compile(each(residual) as never, types, target);
  const derivative = compile(
    each((x, own) => jacobianForward((unknowns: Tensor) => residual(unknowns, own))(x)) as never,
    types,
    target,
  );
  const layout = layoutOf(model, { p, f, n: stateSize }, windows, facts.coordinates.length);
  const call = (compiled: typeof value, x: Float64Array): ArrayLike<number> => {
    const states = array(x.slice(p + f), [windows.count, stateSize]);
    const now = [...delays];
    fitted.controls.forEach((control, i) => {
      now[control] = x[p + i] as number;
    });
    // The program sees delays relative to those that its lines were made with.
    const vector = new Float64Array(p + f);
    vector.set(x.subarray(0, p));
    return (compiled.callSync(array(vector), states, dataAt(now)) as HostTensor).data;
  };
  const bounds = flatBounds(model, parameters);
  const all = (count: number, value: number): number[] => new Array<number>(count).fill(value);
  return {
    residuals: (x) => withPrior(call(value, x), x, layout),
    jacobian: (x) => denseJacobian(call(derivative, x), layout),
    ranBefore: ({ residuals: ofValue, jacobians }) => {
      value.ranBefore(ofValue);
      derivative.ranBefore(jacobians);
    },
    start: [...theta, ...fitted.controls.map((control) => delays[control] as number), ...initial],
    lower: [...bounds.lower, ...all(f, 0), ...all(initial.length, Number.NEGATIVE_INFINITY)],
    upper: [...bounds.upper, ...all(f, fitted.longest), ...all(initial.length, Number.POSITIVE_INFINITY)],
    parameterCount: p,
    delayCount: f,
    stateSize,
    dataCount: layout.dataCount,
    windowRows: layout.rows,
    rowsPerTime: facts.coordinates.length,
    originOf: (row) => originOf(windows, facts, row),
  };
}

function originOf(windows: Windows, { coordinates }: DatasetFacts, row: number): ReturnType<Shooting["originOf"]> {
  const { length, places, t, h } = windows;
  const [sample, coordinate] = [Math.floor(row / coordinates.length), row % coordinates.length];
  const [window, at] = [Math.floor(sample / length), sample % length];
  const interval = window * (length - 1) + at - 1;
  const { trajectory, time } = places[window] as DataPlace;
  const passed = at === 0 ? 0 : (t[interval] as number) + (h[interval] as number);
  return { place: { trajectory, time: time + passed }, coordinate: coordinates[coordinate]?.name ?? "" };
}

/** The states at the starts of windows by the model's own encoder, [S, n]. */
export function encodedStarts(options: Omit<ShootingOptions, "starts">): Float64Array {
  const { model, facts, parameters, windows, target } = options;
  const law = lawOf(model, facts, 1);
  const encode = vmap((tree: unknown, observation: Tensor) => law.encode(tree, observation), [null, 0]);
  const observations = array(windows.starts, [windows.count, 2 * facts.coordinates.length]);
  const compiled = compile(encode as never, [parameters, observations], target);
  return Float64Array.from((compiled.callSync(parameters, observations) as HostTensor).data);
}

/** Weighted residuals of one window, [T d], from [parameters, changes of the fitted delays, state]. */
function windowResidual(
  model: AnyModel,
  facts: DatasetFacts,
  structure: unknown,
  { p, fitted }: { readonly p: number; readonly fitted: FittedDelays },
) {
  const law = lawOf(model, facts, substepsFor(facts, facts.dt));
  const d = facts.coordinates.length;
  const f = fitted.controls.length;
  const units = array(Float64Array.from(facts.coordinates, ({ scale }) => scale * positionTolerance));
  const columns = facts.controls.map((_, control) => fitted.controls.indexOf(control));
  return (x: Tensor, { intervals, slopes, positions, weights }: WindowData): Tensor => {
    const parameters = unflatten(structure, slice(x, 0, 0, p), model.frozen);
    const changes = (): Tensor => stack(columns.map((column) => (column === -1 ? full([], 0) : at(x, p + column))));
    const lines = intervals.lines as Tensor;
    const moved = slopes === undefined ? intervals : { ...intervals, lines: add(lines, mul(slopes, changes())) };
    const states = rollout(law, parameters, slice(x, 0, p + f), moved);
    const observed = vmap((state: Tensor) => slice(law.observe(parameters, state), 0, 0, d))(states);
    const residuals = mul(weights, div(sub(observed, positions), units));
    return reshape(residuals, [(states.shape[0] as number) * d]);
  };
}

/** The data of all windows with their controls at given delays; what does not depend on them is made once. */
function stackedData(
  windows: Windows,
  facts: DatasetFacts,
  pieces: number,
  fitted: FittedDelays,
): (delays: readonly number[]) => WindowData {
  const { count, length } = windows;
  const d = facts.coordinates.length;
  const c = facts.controls.length;
  const [t, h] = [array(windows.t, [count, length - 1]), array(windows.h, [count, length - 1])];
  const positions = array(windows.positions, [count, length, d]);
  const weights = array(windows.weights, [count, length, d]);
  const shape = [count, length - 1, pieces, 2, c];
  const made = (delays: readonly number[]) => ({
    intervals: { t, h, ...(c === 0 ? {} : { lines: array(windowLines(windows, delays, pieces), shape) }) },
    ...(fitted.controls.length === 0
      ? {}
      : { slopes: array(windowLines(windows, delays, pieces, controlLinesByDelay), shape) }),
    positions,
    weights,
  });
  let last: { readonly delays: readonly number[]; readonly data: WindowData } | null = null;
  return (delays) => {
    if (last === null || delays.some((delay, i) => delay !== last?.delays[i])) {
      last = { delays, data: made(delays) as unknown as WindowData };
    }
    return last.data;
  };
}

interface Layout {
  /** Parameters, fitted delays, numbers in a state. */
  readonly p: number;
  readonly f: number;
  readonly n: number;
  readonly windows: number;
  /** Residuals of one window. */
  readonly rows: number;
  readonly dataCount: number;
  /** Root of the weight of the prior. */
  readonly prior: number;
}

function layoutOf(
  model: AnyModel,
  sizes: Pick<Layout, "p" | "f" | "n">,
  { count, length }: Windows,
  d: number,
): Layout {
  const prior = Math.sqrt(model.prior ?? (model.kind === "network" ? 1 : 0));
  return { ...sizes, windows: count, rows: length * d, dataCount: count * length * d, prior };
}

function withPrior(residuals: ArrayLike<number>, x: Float64Array, { p, prior }: Layout): Float64Array {
  if (prior === 0) return Float64Array.from(residuals);
  const all = new Float64Array(residuals.length + p);
  all.set(residuals);
  for (let i = 0; i < p; i++) all[residuals.length + i] = prior * (x[i] as number);
  return all;
}

/** From blocks [S, rows, p + f + n] to the dense matrix over all unknowns. */
function denseJacobian(blocks: ArrayLike<number>, { p, f, n, windows, rows, dataCount, prior }: Layout): Float64Array {
  const shared = p + f;
  const columns = shared + windows * n;
  const dense = new Float64Array((dataCount + (prior === 0 ? 0 : p)) * columns);
  for (let row = 0; row < dataCount; row++) {
    const window = Math.floor(row / rows);
    const source = row * (shared + n);
    for (let i = 0; i < shared; i++) dense[row * columns + i] = blocks[source + i] as number;
    for (let i = 0; i < n; i++) {
      dense[row * columns + shared + window * n + i] = blocks[source + shared + i] as number;
    }
  }
  if (prior !== 0) for (let i = 0; i < p; i++) dense[(dataCount + i) * columns + i] = prior;
  return dense;
}
