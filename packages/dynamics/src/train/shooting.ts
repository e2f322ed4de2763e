/**
 * Multiple shooting: parameters and the state at the start of every window, fitted together to the measured positions.
 *
 * In: windows and a law. Out: a least-squares problem over [parameters, states of the windows], for
 * Levenberg–Marquardt. The residual of a position is in units of 0.3 % of its coordinate's scale; parameters of networks
 * carry a prior of standard deviation 1 in those units, which keeps directions that the data leave open near zero.
 * The compiled program is that of one window, batched: residuals and their derivatives with respect to the parameters
 * and the window's own start, forward through the rollout.
 * Source: Bock, 1983, "Recent advances in parameter identification techniques for O.D.E.", doi:10.1007/978-1-4684-7324-7_7.
 */
import {
  array,
  compile,
  concatenate,
  div,
  type HostTensor,
  jacobianForward,
  mul,
  reshape,
  slice,
  sub,
  type Target,
  type Tensor,
  vmap,
} from "@leastaction/tensor";
import { flatBounds, flatten, unflatten } from "../model/flat-parameters.ts";
import type { AnyModel, DatasetFacts } from "../model/model.ts";
import { lawOf, rollout, substepsFor } from "../model/rollout.ts";
import type { LeastSquaresProblem } from "../optim/levenberg-marquardt.ts";
import type { Windows } from "./window.ts";

/** Residuals of positions are in units of this share of the coordinate's scale. */
export const positionTolerance = 0.003;

/** A tree of tensors of one window. */
interface WindowData {
  readonly intervals: { readonly t: Tensor; readonly h: Tensor; readonly control?: Tensor };
  readonly positions: Tensor;
  readonly weights: Tensor;
}

/** The least-squares problem of windows, with what is needed to read its solution. */
export interface Shooting extends LeastSquaresProblem {
  /** How many of the unknowns are parameters; the states follow. */
  readonly parameterCount: number;
  /** Numbers in one state. */
  readonly stateSize: number;
  /** Residuals that come from data; those of the prior follow. */
  readonly dataCount: number;
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
}

/** The problem over [parameters, states]. */
export function shooting({ model, facts, parameters, windows, target, starts }: ShootingOptions): Shooting {
  const theta = flatten(parameters, model.frozen);
  const initial = starts ?? encodedStarts({ model, facts, parameters, windows, target });
  const data = stackedData(windows, facts);
  const stateSize = initial.length / windows.count;
  const residual = windowResidual(model, facts, parameters, theta.length);
  const each = (f: (x: Tensor, given: WindowData) => Tensor) => (vector: Tensor, states: Tensor, given: WindowData) =>
    vmap((theta0: Tensor, state: Tensor, own: WindowData) => f(concatenate([theta0, state]), own), [null, 0, 0])(
      vector,
      states,
      given,
    );
  const types = [array(theta), array(initial, [windows.count, stateSize]), data];
  const value = compile(each(residual) as never, types, target);
  const derivative = compile(
    each((x, own) => jacobianForward((unknowns: Tensor) => residual(unknowns, own))(x)) as never,
    types,
    target,
  );
  const layout = layoutOf(model, theta.length, windows, stateSize, facts.coordinates.length);
  const call = (compiled: typeof value, x: Float64Array): ArrayLike<number> => {
    const states = array(x.slice(theta.length), [windows.count, stateSize]);
    return (compiled.callSync(array(x.slice(0, theta.length)), states, data) as HostTensor).data;
  };
  const bounds = flatBounds(model, parameters);
  const free = (value: number): number[] => new Array<number>(initial.length).fill(value);
  return {
    residuals: (x) => withPrior(call(value, x), x, layout),
    jacobian: (x) => denseJacobian(call(derivative, x), layout),
    start: [...theta, ...initial],
    lower: [...bounds.lower, ...free(Number.NEGATIVE_INFINITY)],
    upper: [...bounds.upper, ...free(Number.POSITIVE_INFINITY)],
    parameterCount: theta.length,
    stateSize,
    dataCount: layout.dataCount,
  };
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

/** Weighted residuals of one window, [T d], from [parameters, state]. */
function windowResidual(model: AnyModel, facts: DatasetFacts, structure: unknown, count: number) {
  const law = lawOf(model, facts, substepsFor(facts, facts.dt));
  const d = facts.coordinates.length;
  const units = array(Float64Array.from(facts.coordinates, ({ scale }) => scale * positionTolerance));
  return (x: Tensor, { intervals, positions, weights }: WindowData): Tensor => {
    const parameters = unflatten(structure, slice(x, 0, 0, count), model.frozen);
    const states = rollout(law, parameters, slice(x, 0, count), intervals);
    const observed = vmap((state: Tensor) => slice(law.observe(parameters, state), 0, 0, d))(states);
    const residuals = mul(weights, div(sub(observed, positions), units));
    return reshape(residuals, [(states.shape[0] as number) * d]);
  };
}

function stackedData(windows: Windows, facts: DatasetFacts): WindowData {
  const { count, length } = windows;
  const d = facts.coordinates.length;
  const c = facts.controls.length;
  return {
    intervals: {
      t: array(windows.t, [count, length - 1]),
      h: array(windows.h, [count, length - 1]),
      ...(c === 0 ? {} : { control: array(windows.controls, [count, length - 1, c]) }),
    },
    positions: array(windows.positions, [count, length, d]),
    weights: array(windows.weights, [count, length, d]),
  } as unknown as WindowData;
}

interface Layout {
  readonly p: number;
  readonly n: number;
  readonly windows: number;
  /** Residuals of one window. */
  readonly rows: number;
  readonly dataCount: number;
  /** Root of the weight of the prior. */
  readonly prior: number;
}

function layoutOf(model: AnyModel, p: number, { count, length }: Windows, n: number, d: number): Layout {
  const prior = Math.sqrt(model.prior ?? (model.kind === "network" ? 1 : 0));
  return { p, n, windows: count, rows: length * d, dataCount: count * length * d, prior };
}

function withPrior(residuals: ArrayLike<number>, x: Float64Array, { p, prior }: Layout): Float64Array {
  if (prior === 0) return Float64Array.from(residuals);
  const all = new Float64Array(residuals.length + p);
  all.set(residuals);
  for (let i = 0; i < p; i++) all[residuals.length + i] = prior * (x[i] as number);
  return all;
}

/** From blocks [S, rows, p + n] to the dense matrix over all unknowns. */
function denseJacobian(blocks: ArrayLike<number>, { p, n, windows, rows, dataCount, prior }: Layout): Float64Array {
  const columns = p + windows * n;
  const dense = new Float64Array((dataCount + (prior === 0 ? 0 : p)) * columns);
  for (let row = 0; row < dataCount; row++) {
    const window = Math.floor(row / rows);
    const source = row * (p + n);
    for (let i = 0; i < p; i++) dense[row * columns + i] = blocks[source + i] as number;
    for (let i = 0; i < n; i++) dense[row * columns + p + window * n + i] = blocks[source + p + i] as number;
  }
  if (prior !== 0) for (let i = 0; i < p; i++) dense[(dataCount + i) * columns + i] = prior;
  return dense;
}
