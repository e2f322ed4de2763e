/**
 * Equations of motion with few terms, found by sparse regression: the readable baseline.
 *
 * In: samples of positions, velocities, accelerations and controls. Out: q'' = sum of c_k term_k for each coordinate.
 * `keep` is the same with some of the terms: `train/discover-form.ts` trains all terms together, drops them one by one, and
 * keeps the fewest that forecast as well as the best. The coefficients are then trained like the constants of any grey box,
 * and so carry its intervals.
 * Source: Brunton, Proctor, Kutz, 2016, PNAS 113, 3932, doi:10.1073/pnas.1517384113 (the regression); the choice by the
 * errors of trajectories in place of a threshold on coefficients is ours.
 */
import { array, at, concatenate, mul, stack, type Tensor, type TensorLike } from "@leastaction/tensor";
import { choleskySolve, normalEquations } from "../optim/normal-equations.ts";
import { numberArithmetic, tensorArithmetic, type Value } from "../system/arithmetic.ts";
import {
  type Axes,
  candidateTerms,
  coefficientUnit,
  type Moment,
  type Term,
  termLabel,
  termValue,
  userAcceleration,
  userFactor,
} from "./candidate-terms.ts";
import { halves } from "./coordinate-features.ts";
import { defineModel } from "./define-model.ts";
import type { AnyModel, DatasetFacts, ModelDefinition, Samples } from "./model.ts";

/** Parameters: the coefficients of the terms in use, coordinate by coordinate, each of order 1. */
export interface SparseRegressionParameters<L extends TensorLike = TensorLike> {
  readonly coefficients: L;
}

/** For each coordinate, the indices of its terms into the candidates. */
type Support = readonly (readonly number[])[];

const name = "sparse-regression";

/** The model before its terms are chosen: all candidates. */
export const sparseRegression: ModelDefinition<SparseRegressionParameters> = Object.freeze({
  ...equationModel((facts) => {
    const all = [...candidateTerms(facts).keys()];
    return facts.coordinates.map(() => all);
  }, null),
  keep: (kept: readonly number[], facts: DatasetFacts, axes: Axes): AnyModel => {
    const width = candidateTerms(facts).length;
    const support = facts.coordinates.map((_, i) =>
      kept.filter((index) => Math.floor(index / width) === i).map((index) => index % width),
    );
    return equationModel(() => support, { facts, support, axes });
  },
});

interface Found {
  readonly facts: DatasetFacts;
  readonly support: Support;
  readonly axes: Axes;
}

function equationModel(
  supportOf: (facts: DatasetFacts) => Support,
  found: Found | null,
): ModelDefinition<SparseRegressionParameters> {
  return defineModel<SparseRegressionParameters>({
    name,
    summary: "Equations of few terms out of polynomials, sines and cosines, found by sparse regression.",
    kind: "grey-box",
    cites: ["Brunton, Proctor, Kutz 2016, Discovering governing equations from data, doi:10.1073/pnas.1517384113"],
    init: (_seed, facts, samples): SparseRegressionParameters => {
      const regression = regressionOf(facts, samples);
      const values = supportOf(facts).flatMap((terms, i) => solveOn(regression, i, terms));
      return { coefficients: array(Float64Array.from(values)) };
    },
    field: ({ coefficients }, _t, state, control, facts): Tensor => {
      const [, v] = halves(state);
      return concatenate([v, accelerations(supportOf(facts), coefficients, state, control, facts)]);
    },
    ...(found === null ? {} : inUserUnits(found)),
  });
}

function accelerations(
  support: Support,
  coefficients: TensorLike,
  state: Tensor,
  control: Tensor | null,
  facts: DatasetFacts,
): Tensor {
  const candidates = candidateTerms(facts);
  const d = facts.coordinates.length;
  const moment: Moment<Tensor> = {
    positions: facts.coordinates.map((_, i) => at(state, i)),
    velocities: facts.coordinates.map((_, i) => at(state, d + i)),
    controls: facts.controls.map((_, i) => at(control as Tensor, i)),
  };
  let next = 0;
  const sums = support.map((terms, i) => {
    const parts = terms.map((index): Value<Tensor> => {
      const value = termValue(tensorArithmetic, candidates[index] as Term, moment, facts);
      return tensorArithmetic.mul(at(coefficients, next++), value);
    });
    // Without any term the coordinate moves on: zero, in the state's type.
    const sum = tensorArithmetic.add(...parts, ...(parts.length === 0 ? [mul(0, at(state, i))] : []));
    return mul(sum as Tensor, accelerationScale(i, facts));
  });
  return stack(sums);
}

function accelerationScale(coordinate: number, { coordinates, frequency }: DatasetFacts): number {
  return (coordinates[coordinate]?.velocityScale ?? 1) * frequency;
}

/** The normal equations of all candidates, columns and right-hand sides of root mean square one. */
interface Regression {
  /** Samples. */
  readonly count: number;
  readonly matrix: Float64Array;
  readonly rights: readonly Float64Array[];
  /** Root mean square of each candidate, and of each acceleration in units of its scale. */
  readonly sizes: Float64Array;
  readonly targetSizes: readonly number[];
}

function regressionOf(facts: DatasetFacts, samples: Samples): Regression {
  const terms = candidateTerms(facts);
  const d = facts.coordinates.length;
  const c = facts.controls.length;
  const rows = new Float64Array(samples.count * terms.length);
  for (let row = 0; row < samples.count; row++) {
    const seen = (of: Float64Array, from: number, count: number): readonly number[] => [
      ...of.subarray(from, from + count),
    ];
    const moment: Moment<number> = {
      positions: seen(samples.observations, 2 * d * row, d),
      velocities: seen(samples.observations, 2 * d * row + d, d),
      controls: seen(samples.controls, c * row, c),
    };
    terms.forEach((term, k) => {
      rows[row * terms.length + k] = termValue(numberArithmetic, term, moment, facts);
    });
  }
  const sizes = normalizeColumns(rows, terms.length);
  const targets = facts.coordinates.map((_, i) =>
    Float64Array.from(
      { length: samples.count },
      (_unused, row) => (samples.rates[2 * d * row + d + i] as number) / accelerationScale(i, facts),
    ),
  );
  const targetSizes = targets.map((target) => normalizeColumns(target, 1)[0] as number);
  const systems = targets.map((target) => normalEquations(rows, target, terms.length, Number.POSITIVE_INFINITY));
  const matrix = systems[0]?.matrix ?? new Float64Array(0);
  return { count: samples.count, matrix, rights: systems.map(({ gradient }) => gradient), sizes, targetSizes };
}

/** Divides each column by its root mean square, in place; returns those. A column of zeros stays. */
function normalizeColumns(rows: Float64Array, width: number): Float64Array {
  const sizes = new Float64Array(width);
  rows.forEach((value, index) => {
    sizes[index % width] = (sizes[index % width] as number) + value * value;
  });
  const count = rows.length / width;
  for (let k = 0; k < width; k++) sizes[k] = Math.sqrt((sizes[k] as number) / count) || 1;
  rows.forEach((value, index) => {
    rows[index] = value / (sizes[index % width] as number);
  });
  return sizes;
}

/** The share of each chosen term in an acceleration of root mean square one. */
function shares(regression: Regression, coordinate: number, terms: readonly number[]): Float64Array {
  const right = regression.rights[coordinate] as Float64Array;
  return choleskySolve(
    partOf(regression, terms),
    Float64Array.from(terms, (i) => right[i] as number),
  );
}

/** The normal matrix of the chosen terms. */
function partOf({ matrix, sizes }: Regression, terms: readonly number[]): Float64Array {
  const part = Float64Array.from(terms.flatMap((i) => terms.map((j) => matrix[i * sizes.length + j] as number)));
  // A ridge that is far below any noise, so that terms that repeat one another have a solution.
  terms.forEach((_, i) => {
    part[i * terms.length + i] = (part[i * terms.length + i] as number) * (1 + 1e-10);
  });
  return part;
}

/** The coefficients of the chosen terms by least squares. */
function solveOn(regression: Regression, coordinate: number, terms: readonly number[]): readonly number[] {
  const found = shares(regression, coordinate, terms);
  const size = regression.targetSizes[coordinate] as number;
  return terms.map((index, k) => ((found[k] as number) * size) / (regression.sizes[index] as number));
}

type InUserUnits = Required<
  Pick<ModelDefinition<SparseRegressionParameters>, "constants" | "constantsOf" | "equations">
>;

/** The coefficients as constants, and the equations that they stand in, in the user's names and units. */
function inUserUnits({ facts, support, axes }: Found): InUserUnits {
  const candidates = candidateTerms(facts);
  const equations = support.map((terms, i) => ({
    left: `${axes.coordinates[i]?.name}''`,
    terms: terms.map((index) => termLabel(candidates[index] as Term, facts, axes)),
  }));
  const rows = support.flatMap((terms, i) => terms.map((index) => ({ i, term: candidates[index] as Term })));
  const factors = rows.map(
    ({ i, term }) => userAcceleration(i, accelerationScale(i, facts), axes) * userFactor(term, facts, axes),
  );
  return {
    constants: rows.map(({ i, term }) => {
      const label = termLabel(term, facts, axes) || "1";
      const left = equations[i]?.left ?? "";
      return {
        name: `${left}: ${label}`,
        unit: coefficientUnit(term, i, axes),
        meaning: `coefficient of ${label} in ${left}`,
      };
    }),
    constantsOf: ({ coefficients }): Tensor => mul(coefficients, array(Float64Array.from(factors))),
    equations,
  };
}
