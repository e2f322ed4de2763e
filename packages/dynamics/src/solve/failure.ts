/**
 * Where and why an integration stopped, as numbers: made by trying one more step after the last, outside of the loop.
 */
import {
  abs,
  add,
  concatenate,
  convert,
  div,
  equal,
  full,
  iota,
  less,
  lessEqual,
  max,
  maximum,
  min,
  mul,
  not,
  reshape,
  scan,
  select,
  sizeOf,
  sub,
  type Tensor,
  take,
} from "@leastaction/tensor";
import { mapTensors, tensorsOf, zipTensors } from "../nn/tensor-tree.ts";
import { combine } from "../solver/linear-combination.ts";
import { errorNorm, scaledErrors, type Tolerances } from "../step-size/error-norm.ts";
import { constant } from "./constant.ts";
import type { Problem } from "./problem.ts";
import type { ForwardPhase } from "./step-record.ts";

/** What `diagnose` reads. Scalars; float64 where not stated otherwise. */
export interface Failure {
  /**
   * The number of the state that is not finite, or else the one with the largest error: its place among all numbers of
   * the state, leaf by leaf; int32.
   */
  readonly component: Tensor;
  /** Its value, its derivative, and its error in units of the tolerance (0 without an estimate). */
  readonly value: Tensor;
  readonly slope: Tensor;
  readonly error: Tensor;
  /** A code of `failurePlaces`; int32. */
  readonly place: Tensor;
  /** Signed length of the step that was tried last, and what was left to the end. */
  readonly step: Tensor;
  readonly remaining: Tensor;
  /** |step| times the size of the largest eigenvalue of the field: above about 3 explicit methods are unstable. */
  readonly stiffness: Tensor;
  /** The change of the field with the change of the state in the step, as a part of its size. */
  readonly change: Tensor;
}

/** Where a number was first found that is not finite. */
export const failurePlaces: Readonly<Record<"state" | "field" | "ahead" | "step" | "nowhere", number>> = Object.freeze({
  state: 0,
  field: 1,
  ahead: 2,
  step: 3,
  nowhere: 4,
});

/** The facts at the end of a forward phase; also for one that succeeded, where they mean little. */
export function failureOf<Y>(problem: Problem<Y>, forward: ForwardPhase<Y>, tolerances: Tolerances): Failure {
  const { field, solver, t1, direction } = problem;
  const [t, y] = [forward.record.end, forward.y];
  const rounding = mul(16 * Number.EPSILON, maximum(abs(t), Number.MIN_VALUE));
  const h = mul(direction, maximum(abs(forward.next), rounding));
  const slope = field(t, y);
  const ahead = field(add(t, h), combine(y, h, [1], [slope]));
  const trial = solver.step(field, t, h, y, solver.start(field, t, y));
  const errors = trial.error === null ? zerosAs(slope) : scaledErrors(trial.error, tolerances, y, trial.y);
  // Of the new state and its slope, the sum shows either that is not finite.
  const next = add(abs(flat(trial.y)), abs(flat(field(add(t, h), trial.y))));
  const sizes = select(lessEqual(next, Number.MAX_VALUE), flat(errors), Infinity);
  const found = firstOdd([flat(y), flat(slope), flat(ahead), sizes]);
  const pick = (tree: unknown): Tensor => take(flat(tree), found.component);
  const change = zipTensors((b, a) => sub(b, a), field(t, combine(y, h, [1], [slope])), slope);
  return constant({
    ...found,
    value: pick(y),
    slope: pick(slope),
    error: pick(errors),
    step: h,
    remaining: abs(sub(t1, t)),
    stiffness: mul(abs(h), spectralRadius(problem, t, y, slope, tolerances)),
    change: div(errorNorm(change, tolerances, y), errorNorm(slope, tolerances, y)),
  });
}

/** The first list that has a number that is not finite, and which; else the largest number of the last. */
function firstOdd(lists: readonly Tensor[]): Pick<Failure, "component" | "place"> {
  const [count] = (lists[0] as Tensor).shape as [number];
  const largest = lists[lists.length - 1] as Tensor;
  const start = {
    component: firstWhere(equal(largest, max(largest)), count),
    place: full([], failurePlaces.nowhere, "int32"),
  };
  return [...lists.entries()].reverse().reduce((otherwise, [place, list]) => {
    const component = firstWhere(not(lessEqual(abs(list), Number.MAX_VALUE)), count);
    const found = less(component, count);
    return {
      component: select(found, component, otherwise.component),
      place: select(found, full([], place, "int32"), otherwise.place),
    };
  }, start);
}

/** The first place where a mask holds; `count` when nowhere. */
function firstWhere(mask: Tensor, count: number): Tensor {
  return min(select(mask, iota([count]), full([count], count, "int32")));
}

function flat(tree: unknown): Tensor {
  return concatenate(tensorsOf(tree).map((leaf) => reshape(convert(leaf, "float64"), [sizeOf(leaf.shape)])));
}

function zerosAs(tree: unknown): Tensor[] {
  return tensorsOf(tree).map(({ shape }) => full(shape, 0, "float64"));
}

/**
 * The size of the largest eigenvalue of the Jacobian, by the nonlinear power method: Sommeijer, Shampine, Verwer, 1998,
 * "RKC: an explicit solver for parabolic PDEs", section 2.2, doi:10.1016/S0377-0427(97)00219-7. Differences, since a field
 * need not have a derivative where it fails. NaN where the field is.
 */
function spectralRadius<Y>({ field }: Problem<Y>, t: Tensor, y: Y, slope: Y, { atol }: Tolerances): Tensor {
  const single = tensorsOf(y).some(({ dtype }) => dtype === "float32");
  // A vector of norm 1 is a change of y that rounding leaves alone and that is still small.
  const small = { rtol: single ? 1e-3 : 1e-6, atol: atol };
  const start = { direction: slope, radius: full([], 0, "float64") };
  const [{ radius }] = scan(
    ({ direction }: { readonly direction: Y; readonly radius: Tensor }) => {
      const size = errorNorm(direction, small, y);
      const inverse = select(less(0, size), div(1, size), 0);
      const unit = mapTensors((leaf) => mul(leaf, convert(inverse, leaf.dtype)), direction);
      const moved = field(
        t,
        zipTensors((a, b) => add(a, b), y, unit),
      );
      const image = zipTensors((a, b) => sub(a, b), moved, slope);
      return [{ direction: image, radius: errorNorm(image, small, y) }, {}] as const;
    },
    start,
    {},
    { bound: powerIterations },
  );
  return radius;
}

const powerIterations = 12;
