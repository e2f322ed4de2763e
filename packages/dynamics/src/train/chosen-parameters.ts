/**
 * A shooting problem over some of the parameters of its model, the others being zero, without another compilation.
 *
 * The unknowns are the chosen parameters, then what follows the parameters in the whole problem: delays and states.
 */
import type { Shooting } from "./shooting.ts";

/** The problem over the parameters `kept` (indices, ascending) from a start of the whole problem. */
export function withChosen(whole: Shooting, kept: readonly number[], start: ArrayLike<number>): Shooting {
  const width = whole.start.length;
  const columns = [
    ...kept,
    ...Array.from({ length: width - whole.parameterCount }, (_, i) => whole.parameterCount + i),
  ];
  const expand = (x: Float64Array): Float64Array => expanded(whole, kept, x);
  const pick = (values: readonly number[]): number[] => columns.map((column) => values[column] as number);
  return {
    ...whole,
    parameterCount: kept.length,
    residuals: (x) => whole.residuals(expand(x)),
    jacobian: (x) => columnsOf(whole.jacobian(expand(x)), width, columns),
    start: pick(Array.from(start)),
    ...(whole.lower === undefined ? {} : { lower: pick(whole.lower) }),
    ...(whole.upper === undefined ? {} : { upper: pick(whole.upper) }),
  };
}

/** The unknowns of the whole problem; parameters that are not chosen are zero. */
export function expanded(whole: Shooting, kept: readonly number[], x: Float64Array): Float64Array {
  const all = new Float64Array(whole.start.length);
  kept.forEach((column, i) => {
    all[column] = x[i] as number;
  });
  all.set(x.subarray(kept.length), whole.parameterCount);
  return all;
}

/** The problem with the residuals of the first times of each window alone, `share` of them; the others count as zero. */
export function withHorizon(problem: Shooting, share: number): Shooting {
  if (share >= 1) return problem;
  const { windowRows, rowsPerTime } = problem;
  const counted = rowsPerTime * Math.max(2, Math.round((share * windowRows) / rowsPerTime));
  const cut = (values: ArrayLike<number>, width: number): Float64Array => {
    const result = Float64Array.from(values);
    for (let from = 0; from < problem.dataCount; from += windowRows) {
      result.fill(0, (from + counted) * width, (from + windowRows) * width);
    }
    return result;
  };
  return {
    ...problem,
    residuals: (x) => cut(problem.residuals(x), 1),
    jacobian: (x) => cut(problem.jacobian(x), problem.start.length),
  };
}

function columnsOf(matrix: ArrayLike<number>, width: number, columns: readonly number[]): Float64Array {
  const rows = matrix.length / width;
  const result = new Float64Array(rows * columns.length);
  for (let row = 0; row < rows; row++) {
    for (let j = 0; j < columns.length; j++) {
      result[row * columns.length + j] = matrix[row * width + (columns[j] as number)] as number;
    }
  }
  return result;
}
