/**
 * What a model is: the one interface that everything learned here goes through.
 *
 * A model is plain data and pure functions of ONE sample: `init` makes parameters on the host, the others are traced.
 * Batches, solvers, objectives and normalisers are somebody else's: any goes with any. Outside a model everything is
 * SI; a network scales inside, with the constants of `DatasetFacts`. What was observed of d coordinates is always one
 * vector [positions…, velocities…] of 2 d numbers; the state is the model's own, by default the same vector.
 * Deliberately not here: training (`train/`), files (`model-record.ts`), forecasts (`forecast.ts`).
 */

import type { HostTensor, Tensor, TensorLike } from "@leastaction/tensor";
import type { DataPlace } from "../data/data-place.ts";
import type { Dataset } from "../data/dataset.ts";

/** A tree of parameters: any nesting of objects and arrays over tensors. */
export type ParameterTree<L = TensorLike> =
  | L
  | readonly ParameterTree<L>[]
  | { readonly [key: string]: ParameterTree<L> };

/** What is known of one coordinate of the training data; SI. */
export interface CoordinateFacts {
  readonly name: string;
  /** Whether a whole turn changes nothing: networks then see its sine and cosine. */
  readonly periodic: boolean;
  /** Middle of the visited range. */
  readonly centre: number;
  /** Standard deviation of the positions about their mean; positive. */
  readonly scale: number;
  /** Root mean square of the velocities; positive. */
  readonly velocityScale: number;
  /** Smallest and largest value seen. */
  readonly range: readonly [number, number];
  readonly velocityRange: readonly [number, number];
  /** Standard deviation of the noise of the positions. */
  readonly noise: number;
}

/** Constants of the training data that a model may build in; plain data, saved with the model. */
export interface DatasetFacts {
  readonly coordinates: readonly CoordinateFacts[];
  /** Names and largest magnitudes of the controls. */
  readonly controls: readonly { readonly name: string; readonly scale: number }[];
  /** The step of the data that is used, s. */
  readonly dt: number;
  /** Typical angular frequency, rad/s: root mean square acceleration over that of the velocity. */
  readonly frequency: number;
  /** Whether velocities were measured rather than estimated from positions. */
  readonly measuredVelocities: boolean;
}

/** Training samples, row by row, for models that start from a regression. */
export interface Samples {
  readonly count: number;
  /** [count, 2 d]: positions and velocities. */
  readonly observations: Float64Array;
  /** [count, 2 d]: velocities and accelerations. */
  readonly rates: Float64Array;
  /** [count, c]. */
  readonly controls: Float64Array;
  /** Where a sample was measured; for messages. */
  readonly place?: (sample: number) => DataPlace;
}

/** What a model cannot do without. */
export interface Needs {
  /** Measured, not estimated, velocities. */
  readonly velocities?: boolean;
  /** Measured canonical momenta. */
  readonly momenta?: boolean;
  readonly controls?: boolean;
  /** The only number of coordinates that it is made for. */
  readonly coordinates?: number;
}

/** A constant of a grey box in words: what can be known from the data. */
export interface Constant {
  readonly name: string;
  /** SI, without the units of the data: `1/s^2` for an acceleration whose `coordinate` is 1. */
  readonly unit: string;
  readonly meaning: string;
  /** Powers of the unit of the coordinate and of the control in it: the constant is printed in the user's. Default 0. */
  readonly coordinate?: number;
  readonly control?: number;
  /** Which coordinate's unit that is, from 0; default the first. */
  readonly of?: number;
  /** `each control`: one number for each control of the data; `with controls`: only where there is one. Default always. */
  readonly rows?: "each control" | "with controls";
}

/** An equation of motion in words: what stands on the left, and the terms that the constants are multiplied with. */
export interface Equation {
  /** `theta''`. */
  readonly left: string;
  /** One for each constant, in their order; empty for a constant alone. */
  readonly terms: readonly string[];
}

/** The record and the functions of a model. `P` is the type of its parameters. */
export interface ModelDefinition<P = ParameterTree> {
  /** Unique, kebab case. */
  readonly name: string;
  /** One sentence for `leastaction models`. */
  readonly summary: string;
  readonly needs: Needs;
  /** Structure that holds for any parameters, in words; each has a test. */
  readonly promises: readonly string[];
  readonly cites: readonly string[];
  /**
   * `baseline`: ranked to be beaten; `grey-box`: an equation with free constants, the default where there is `constantsOf`;
   * `network`: the rest, and the default without it.
   */
  readonly kind: "baseline" | "grey-box" | "network";
  /**
   * The parameters before training, host tensors of float64.
   * @param seed integer from 0
   */
  readonly init: (seed: number, facts: DatasetFacts, samples: Samples) => P;
  /** The state of an observation [2 d]; identity when left out. */
  readonly encode?: (parameters: P, observation: Tensor, facts: DatasetFacts) => Tensor;
  /**
   * d state / dt, [n]. `t` is a float64 scalar in s, `control` [c] or null where the data has none.
   * A model has `field` or `step`.
   */
  readonly field?: (parameters: P, t: Tensor, state: Tensor, control: Tensor | null, facts: DatasetFacts) => Tensor;
  /** The state `dt` seconds later. */
  readonly step?: (parameters: P, state: Tensor, dt: Tensor, control: Tensor | null, facts: DatasetFacts) => Tensor;
  /** What would be measured, [2 d] positions and velocities; identity when left out. */
  readonly observe?: (parameters: P, state: Tensor, facts: DatasetFacts) => Tensor;
  /** The learned energy, scalar, up to a constant and a factor: per unit inertia unless masses are known. */
  readonly energy?: (parameters: P, state: Tensor, facts: DatasetFacts) => Tensor;
  /** Whether velocities stand for the canonical momenta: right only where all inertias are equal and constant. */
  readonly momentumIsVelocity?: boolean;
  /** The canonical momenta, [d]. */
  readonly momentum?: (parameters: P, state: Tensor, facts: DatasetFacts) => Tensor;
  /** The rate at which energy is lost, scalar, never negative for a dissipative model. */
  readonly dissipation?: (parameters: P, state: Tensor, facts: DatasetFacts) => Tensor;
  /**
   * A symmetric matrix [d, d] that gradient training holds to the Helmholtz conditions, together with the acceleration of
   * the field on states [positions, velocities]; null where these parameters have none. See `heldToLagrangian`.
   */
  readonly metric?: (
    parameters: P,
    t: Tensor,
    positions: Tensor,
    velocities: Tensor,
    facts: DatasetFacts,
  ) => Tensor | null;
  /** Top-level names of parameters that only training needs: what is saved goes without them. */
  readonly trainingOnly?: readonly string[];
  /** Top-level names of parameters that training leaves as they are. */
  readonly frozen?: readonly string[];
  /** Bounds by top-level name of parameters, in the parameters' own units. */
  readonly bounds?: Readonly<Record<string, readonly [number, number]>>;
  /** What the constants of a grey box mean; one row for each number that `constantsOf` returns. */
  readonly constants?: readonly Constant[];
  /** The constants in SI, [number of rows], from the parameters. */
  readonly constantsOf?: (parameters: P, facts: DatasetFacts) => Tensor;
  /** The equations whose coefficients `constantsOf` gives, coordinate by coordinate, in the user's names and units. */
  readonly equations?: readonly Equation[];
  /**
   * The same model with some of its numbers alone (indices into the trainable ones, ascending), the others being zero:
   * the data choose which (`train/discover-form.ts`), before training.
   */
  readonly keep?: (
    kept: readonly number[],
    facts: DatasetFacts,
    axes: Pick<Dataset, "coordinates" | "controls">,
  ) => AnyModel;
  /** What no data of this kind can tell, for the report. */
  readonly unidentifiable?: string;
  /** Weight of the squared parameters in fits with few parameters (a standard deviation of 1 has weight 1); default 0 for grey boxes and baselines, 1 for networks. */
  readonly prior?: number;
  /** Whether training is more than `init`; default true. */
  readonly trainable?: boolean;
}

/** A definition whose parameters are of a type that does not matter. */
export type AnyModel = Omit<ModelDefinition<never>, "init"> & Pick<ModelDefinition<unknown>, "init">;

/** Parts of a definition that may be left out when it is written by hand. */
export type ModelOptions<P> = Omit<ModelDefinition<P>, "summary" | "needs" | "promises" | "cites" | "kind"> &
  Partial<Pick<ModelDefinition<P>, "summary" | "needs" | "promises" | "cites" | "kind">>;

/** Host parameters of a definition, when their type does not matter. */
export type HostParameters = ParameterTree<HostTensor>;
