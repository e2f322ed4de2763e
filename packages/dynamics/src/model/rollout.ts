/**
 * One law in motion: from the functions of a model to steps and rollouts, traced, of one sample.
 *
 * A field is integrated by rk4 with a fixed number of substeps in each interval of the data, so that a model is trained
 * and used with the same numerical law; a step model is applied once in each interval. Controls come as one straight line
 * for each substep (`control-lines.ts`); a step model sees the mean over its interval.
 */
import {
  add,
  at,
  concatenate,
  div,
  expandDimensions,
  iota,
  mul,
  scan,
  sub,
  type Tensor,
  type TensorLike,
} from "@leastaction/tensor";
import { rk4 } from "../solver/rk4.ts";
import type { AnyModel, DatasetFacts, ModelDefinition } from "./model.ts";

/** The functions of a model on parameters of any structure, with their defaults filled in; traced. */
export interface Law {
  readonly encode: (parameters: unknown, observation: Tensor) => Tensor;
  readonly observe: (parameters: unknown, state: Tensor) => Tensor;
  /** The state after h seconds; `lines` [pieces, 2, c] are the controls meanwhile. */
  readonly advance: (parameters: unknown, t: Tensor, h: Tensor, state: Tensor, lines: Tensor | null) => Tensor;
  /** Lines of the controls in an interval: one for each step of the solver. */
  readonly pieces: number;
  /** d state / dt, or null for a step model. */
  readonly field: ((parameters: unknown, t: Tensor, state: Tensor, control: Tensor | null) => Tensor) | null;
}

/** More substeps than this are a loop of the program: written out, they would make it long to compile. */
const mostUnrolled = 2;

/** Steps of the solver in an interval of `dt`: at most 0.15 rad of the typical motion each. */
export function substepsFor(facts: DatasetFacts, dt: number): number {
  return Math.max(1, Math.ceil((facts.frequency * dt) / 0.15));
}

/** The law of a definition on data with these facts. */
export function lawOf(model: AnyModel, facts: DatasetFacts, substeps: number): Law {
  const { encode, observe, field, step } = model as unknown as ModelDefinition<unknown>;
  const slope = field === undefined ? null : lawField(field, facts);
  return {
    encode: (parameters, observation) => encode?.(parameters, observation, facts) ?? observation,
    observe: (parameters, state) => observe?.(parameters, state, facts) ?? state,
    field: slope,
    pieces: slope === null ? 1 : substeps,
    advance: (parameters, t, h, state, lines) => {
      if (slope === null) {
        const mean = lines === null ? null : at(at(lines, 0), 0);
        return (step as NonNullable<typeof step>)(parameters, state, h, mean, facts);
      }
      const short = substeps === 1 ? h : div(h, substeps);
      const substep = (y: Tensor, now: Tensor, line: Tensor | null): Tensor => {
        const control = controlAlong(line, now, short);
        const inside = (t: Tensor, y: Tensor): Tensor => slope(parameters, t, y, control(t));
        return rk4.step(inside, now, short, y, rk4.start(inside, now, y)).y;
      };
      if (substeps > mostUnrolled) return looped(substep, { t, short, substeps, lines }, state);
      let y = state;
      for (let i = 0; i < substeps; i++) {
        y = substep(y, i === 0 ? t : add(t, mul(short, i)), lines === null ? null : at(lines, i));
      }
      return y;
    },
  };
}

/** The control over a substep as a function of time: middle + rate (t - middle of the substep); null without controls. */
function controlAlong(line: Tensor | null, start: Tensor, length: Tensor): (t: Tensor) => Tensor | null {
  if (line === null) return () => null;
  const centre = add(start, mul(0.5, length));
  return (t) => add(at(line, 0), mul(at(line, 1), sub(t, centre)));
}

interface Substeps {
  readonly t: Tensor;
  readonly short: Tensor;
  readonly substeps: number;
  readonly lines: Tensor | null;
}

/** Many substeps as a loop. */
function looped(
  substep: (y: Tensor, now: Tensor, line: Tensor | null) => Tensor,
  { t, short, substeps, lines }: Substeps,
  state: Tensor,
): Tensor {
  type Each = { readonly i: Tensor; readonly line?: Tensor };
  const next = (y: Tensor, { i, line }: Each) => [substep(y, add(t, mul(short, i)), line ?? null), {}] as const;
  const i = iota([substeps], 0, "float64");
  return scan(next, state, lines === null ? { i } : { i, line: lines })[0];
}

/** The intervals of a rollout, one row each. */
export interface Intervals {
  /** [n] start of each interval, s. */
  readonly t: Tensor;
  /** [n] length of each interval, s; 0 leaves the state as it is. */
  readonly h: Tensor;
  /** [n, pieces, 2, c] the lines of the controls over each interval; left out without controls. */
  readonly lines?: Tensor;
}

/** The states after each interval, [n, state]; `length` (int32 scalar) runs only the first ones, the rest are 0. */
export function statesAfter(
  law: Law,
  parameters: unknown,
  start: Tensor,
  intervals: Intervals,
  length?: TensorLike,
): Tensor {
  const [, states] = scan<Tensor, Intervals, Tensor>(
    (state, { t, h, lines }) => {
      const next = law.advance(parameters, t, h, state, lines ?? null);
      return [next, next];
    },
    start,
    intervals,
    length === undefined ? {} : { length },
  );
  return states as Tensor;
}

/** The state at the start and after each interval, [n + 1, state]. */
export function rollout(
  law: Law,
  parameters: unknown,
  start: Tensor,
  intervals: Intervals,
  length?: TensorLike,
): Tensor {
  return concatenate([expandDimensions(start, 0), statesAfter(law, parameters, start, intervals, length)]);
}

function lawField(
  field: NonNullable<ModelDefinition<unknown>["field"]>,
  facts: DatasetFacts,
): NonNullable<Law["field"]> {
  return (parameters, t, state, control) => field(parameters, t, state, control, facts);
}
