/**
 * Whether two evaluations of one program agree, within what its condition allows (`perturb.ts`).
 */
import { isFloat } from "../../dtype.ts";
import type { Program } from "../../program/program.ts";
import type { HostTensor } from "../../pytree.ts";
import { evaluateProgram } from "../../target/reference/evaluate.ts";
import { drawsFrom } from "./draw.ts";
import { epsilonOf, perturb } from "./perturb.ts";

/** Results, and by how much each element may differ from them; made more exact where it matters. */
export interface Expected {
  readonly results: readonly HostTensor[];
  readonly allowed: readonly Float64Array[];
  /** With more and larger noise, for a difference that would else be a failure. */
  readonly again: () => readonly Float64Array[];
}

/** A place where two evaluations differ. */
export interface Difference {
  readonly output: number;
  readonly element: number;
  readonly found: number;
  readonly expected: number;
  readonly allowed: number;
}

/** Units of noise, and how much of the greatest movement under it is allowed. */
const first = { runs: 2, units: 32, factor: 4 };
const second = { runs: 12, units: 512, factor: 4 };

/** What the reference evaluator says, and how sure it is. */
export function expectedOf(program: Program, inputs: readonly HostTensor[]): Expected {
  const results = evaluateProgram(program, inputs);
  const allowed = allowedOf(program, inputs, results, first);
  return { results, allowed, again: () => allowedOf(program, inputs, results, second) };
}

function allowedOf(
  program: Program,
  inputs: readonly HostTensor[],
  results: readonly HostTensor[],
  { runs, units, factor }: typeof first,
): Float64Array[] {
  const allowed = results.map(({ dtype, data }) =>
    Float64Array.from(data, (value) => (isFloat(dtype) ? 4 * epsilonOf(dtype) * Math.abs(value) + 1e-30 : 0)),
  );
  for (let run = 0; run < runs; run++) {
    const moved = evaluateProgram(perturb(program, drawsFrom(run + 1), units), inputs);
    results.forEach(({ data }, output) => {
      const [bounds, other] = [allowed[output] as Float64Array, (moved[output] as HostTensor).data];
      for (let i = 0; i < bounds.length; i++) {
        const moves = factor * Math.abs((other[i] as number) - (data[i] as number));
        // Beside an overflow nothing can be said.
        bounds[i] = Number.isFinite(moves)
          ? Math.max(bounds[i] as number, moves)
          : sameValue(other[i], data[i])
            ? (bounds[i] as number)
            : Infinity;
      }
    });
  }
  return allowed;
}

const sameValue = (a: number | undefined, b: number | undefined): boolean =>
  a === b || (Number.isNaN(a) && Number.isNaN(b));

/** The first place where `found` is not what is expected; null where there is none. */
export function differenceFrom(expected: Expected, found: readonly HostTensor[]): Difference | null {
  const place = firstBeyond(expected.results, found, expected.allowed);
  return place === null ? null : firstBeyond(expected.results, found, expected.again());
}

function firstBeyond(
  results: readonly HostTensor[],
  found: readonly HostTensor[],
  allowed: readonly Float64Array[],
): Difference | null {
  for (const [output, { data }] of results.entries()) {
    const other = (found[output] as HostTensor).data;
    for (let i = 0; i < data.length; i++) {
      const [a, b, bound] = [other[i] as number, data[i] as number, (allowed[output] as Float64Array)[i] as number];
      if (sameValue(a, b) || bound === Infinity || Math.abs(a - b) <= bound) continue;
      return { output, element: i, found: a, expected: b, allowed: bound };
    }
  }
  return null;
}

/** The share of float elements of which nothing worth saying is asked: those allowed a thousandth of their tensor's size. */
export function looseShare({ results, allowed }: Expected): { readonly loose: number; readonly all: number } {
  let [loose, all] = [0, 0];
  results.forEach(({ dtype, data }, output) => {
    if (!isFloat(dtype)) return;
    const largest = Array.from(data).reduce((most, x) => Math.max(most, Math.abs(x)), 0);
    const bound = largest * (dtype === "float32" ? 1e-2 : 1e-4);
    for (const limit of allowed[output] as Float64Array) {
      all += 1;
      if (limit > Math.max(bound, 1e-30)) loose += 1;
    }
  });
  return { loose, all };
}
