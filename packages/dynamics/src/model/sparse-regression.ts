/**
 * Equations of motion with few terms, found by sparse regression: the readable baseline.
 *
 * In: samples of positions, velocities, accelerations and controls. Out: q'' = sum of c_k term_k for each coordinate.
 * `discover` fits all candidate terms and drops, one by one, the term without which the acceleration is fitted nearly as
 * well, as long as that costs less than a threshold (root mean square, relative to the acceleration), for thresholds from
 * 0.05 % to 50 %. A coefficient's size would be no guide: terms that nearly repeat one another have large ones that cancel.
 * Of the equations found it keeps the one of fewest terms whose forecasts of the selection data are nearly as good as the
 * best. The coefficients are then trained like the constants of any grey box, and so carry its intervals.
 * Sources: Brunton, Proctor, Kutz, 2016, PNAS 113, 3932, doi:10.1073/pnas.1517384113 (the regression); Boninsegna, Nueske,
 * Clementi, 2018, J. Chem. Phys. 148, 241723, doi:10.1063/1.5018409 (term by term); the threshold by rollout is ours.
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
import { type AnyModel, type DatasetFacts, defineModel, type ModelDefinition, type Samples } from "./model.ts";

/** Parameters: the coefficients of the terms in use, coordinate by coordinate, each of order 1. */
export interface SparseRegressionParameters<L extends TensorLike = TensorLike> {
  readonly coefficients: L;
}

/** For each coordinate, the indices of its terms into the candidates. */
type Support = readonly (readonly number[])[];

const name = "sparse-regression";
const thresholds: readonly number[] = Array.from({ length: 11 }, (_, k) => 0.0005 * 2 ** k);
/** An equation of fewer terms may forecast this much worse than the best; with more, weak friction would be dropped. */
const nearlyAsGood = 1.05;

/** The model before its terms are chosen: all candidates. */
export const sparseRegression: ModelDefinition<SparseRegressionParameters> = Object.freeze({
  ...equationModel((facts) => {
    const all = [...candidateTerms(facts).keys()];
    return facts.coordinates.map(() => all);
  }, null),
  discover: (facts: DatasetFacts, samples: Samples, axes: Axes, judge: (parameters: unknown) => number): AnyModel => {
    const support = chooseSupport(facts, samples, (coefficients) => judge({ coefficients: array(coefficients) }));
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

/** One term less at a time: what is left, and what the last one cost, relative to the acceleration. */
interface Elimination {
  readonly terms: readonly number[];
  readonly cost: number;
}

/** From all terms to none, each time without the one that is missed least. */
function eliminate(regression: Regression, coordinate: number): readonly Elimination[] {
  const path: Elimination[] = [{ terms: [...regression.sizes.keys()], cost: 0 }];
  for (;;) {
    const { terms } = path.at(-1) as Elimination;
    if (terms.length === 0) return path;
    const found = shares(regression, coordinate, terms);
    const costs = inverseDiagonal(regression, terms).map(
      (inverse, k) => Math.abs(found[k] as number) / Math.sqrt(inverse),
    );
    const least = costs.indexOf(Math.min(...costs));
    path.push({
      terms: terms.filter((_, k) => k !== least),
      cost: (costs[least] as number) / Math.sqrt(regression.count),
    });
  }
}

/** Diagonal of the inverse of the normal matrix of the chosen terms. */
function inverseDiagonal(regression: Regression, terms: readonly number[]): readonly number[] {
  return terms.map((_, k) => {
    const unit = Float64Array.from(terms, (__, i) => (i === k ? 1 : 0));
    return choleskySolve(partOf(regression, terms), unit)[k] as number;
  });
}

/** The last support before a term is missed by so much. */
function supportAt(path: readonly Elimination[], threshold: number): readonly number[] {
  const end = path.findIndex(({ cost }) => cost > threshold);
  return (path.at(end === -1 ? -1 : end - 1) as Elimination).terms;
}

/** The support of fewest terms that forecasts nearly as well as the best. */
function chooseSupport(facts: DatasetFacts, samples: Samples, judge: (coefficients: Float64Array) => number): Support {
  const regression = regressionOf(facts, samples);
  const width = regression.sizes.length;
  const found = new Map<string, { readonly support: Support; readonly count: number; readonly error: number }>();
  const paths = facts.coordinates.map((_, i) => eliminate(regression, i));
  for (const threshold of thresholds) {
    const support = paths.map((path) => supportAt(path, threshold));
    const key = JSON.stringify(support);
    if (found.has(key)) continue;
    const full = new Float64Array(width * support.length);
    support.forEach((terms, i) => {
      solveOn(regression, i, terms).forEach((value, k) => {
        full[i * width + (terms[k] as number)] = value;
      });
    });
    const count = support.reduce((sum, terms) => sum + terms.length, 0);
    found.set(key, { support, count, error: judge(full) });
  }
  const all = [...found.values()];
  const best = Math.min(...all.map(({ error }) => error));
  const good = all.filter(({ error }) => error <= nearlyAsGood * best);
  return good.reduce((fewest, next) => (next.count < fewest.count ? next : fewest)).support;
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
