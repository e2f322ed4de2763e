/**
 * Errors in units of the last place: of results against the truth as two floats.
 */
import type { Float, Floats } from "./arguments.ts";

/** The largest error, and the arguments it was found at. */
export interface Worst {
  readonly units: number;
  readonly at: readonly number[];
  /** Results of numbers that are NaN where the truth is none, or the other way around. */
  readonly invalid: number;
}

const formats = {
  float32: { precision: 24, least: -126, greatest: 127 },
  float64: { precision: 53, least: -1022, greatest: 1023 },
} as const;

/** The exponent of the unit of the last place of floats next to y. */
function unitOf(y: number, dtype: Float): number {
  const { precision, least, greatest } = formats[dtype];
  const size = Math.abs(y);
  let exponent = size === 0 ? least : size === Infinity ? greatest : Math.floor(Math.log2(size));
  if (2 ** exponent > size) exponent--;
  return Math.min(greatest, Math.max(least, exponent)) - precision + 1;
}

/**
 * The largest error of `found` against `truth`, two floats for each: the nearest float64 and the rest in its units. Numbers
 * beyond the largest count as the first power of two that is too large. Errors below `floor` count as none.
 */
export function worstOf(
  dtype: Float,
  found: Floats,
  truth: Float64Array,
  inputs: readonly Floats[],
  floor: number,
): Worst {
  let [units, place, invalid] = [0, 0, 0];
  for (let i = 0; i < found.length; i++) {
    const [value, nearest] = [found[i] as number, truth[2 * i] as number];
    if (Number.isNaN(value) || Number.isNaN(nearest)) {
      if (Number.isNaN(value) !== Number.isNaN(nearest)) invalid++;
      continue;
    }
    const error = errorOf(dtype, value, nearest, truth[2 * i + 1] as number);
    if (error > units && Math.abs(value - nearest) > floor) [units, place] = [error, i];
  }
  return { units, at: inputs.map((input) => input[place] as number), invalid };
}

function errorOf(dtype: Float, value: number, nearest: number, rest: number): number {
  const unit = unitOf(nearest, dtype);
  const { greatest } = formats[dtype];
  const beyond = 2 ** (greatest + 1 - unit);
  const inUnits = (x: number): number => {
    const size = Math.min(beyond, Math.abs(x) / 2 ** unit);
    return Math.sign(x) * size;
  };
  return Math.abs(inUnits(value) - inUnits(nearest) - (dtype === "float64" ? rest : 0));
}
