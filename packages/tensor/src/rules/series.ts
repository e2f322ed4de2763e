/**
 * Taylor coefficients of one value along a curve, found when they are asked for, so that a value may be defined by a
 * recurrence that reads its own earlier coefficients.
 */
import { isFloat } from "../dtype.ts";
import { div, mul } from "../ops/elementwise.ts";
import type { Atom, TensorType } from "../program/program.ts";
import { full, type Tensor, tensorOf } from "../trace/tensor.ts";
import type { Tangent } from "./jvp-rule.ts";

/** x(t) = Σ x_k t^k. */
export interface Series {
  readonly type: TensorType;
  /** Whether all coefficients but the first are known to be zero, as those of integers and truth values are. */
  readonly still: boolean;
  /** x_k; null is zero. */
  readonly at: (k: number) => Tangent;
}

/** A series from a function that is asked once for each coefficient. */
export function series(type: TensorType, find: (k: number) => Tangent, still: boolean = !isFloat(type.dtype)): Series {
  const known: Tangent[] = [];
  const at = (k: number): Tangent => {
    if (known[k] === undefined) known[k] = still && k > 0 ? null : find(k);
    return known[k];
  };
  return { type, still, at };
}

/** A value that does not change. */
export function still(value: Tensor): Series {
  return series({ dtype: value.dtype, shape: value.shape }, () => value, true);
}

/** x_k, zeros where it is zero. */
export function tensorAt({ type, at }: Series, k: number): Tensor {
  return at(k) ?? full(type.shape, 0, type.dtype);
}

/** dx/dt: (k + 1) x_{k+1}. */
export function rate(x: Series): Series {
  return series(x.type, (k) => {
    const next = x.at(k + 1);
    return next === null || k === 0 ? next : mul(next, k + 1);
  });
}

/** The series that begins with `start` and changes at `speed`: speed_{k-1} / k. */
export function integral(type: TensorType, start: () => Tensor, speed: () => Series): Series {
  return series(type, (k) => {
    if (k === 0) return start();
    const before = speed().at(k - 1);
    return before === null || k === 1 ? before : div(before, k);
  });
}

/** @internal What equations read, from the series that are known: a constant does not move, and is one series for all. */
export function readingOf(known: Map<Atom, Series>): (atom: Atom) => Series {
  return (atom) => {
    const before = known.get(atom);
    if (before !== undefined) return before;
    const constant = still(tensorOf(atom, null));
    known.set(atom, constant);
    return constant;
  };
}
