/**
 * The steps of an integration with equal steps.
 */
import {
  add,
  ceil,
  convert,
  div,
  equal,
  full,
  iota,
  maximum,
  minimum,
  mul,
  select,
  sub,
  type Tensor,
  TensorError,
  type TensorLike,
} from "@leastaction/tensor";
import type { Problem } from "./problem.ts";
import { statusCodes } from "./status.ts";
import type { StepRecord } from "./step-record.ts";

const defaultSlots = 1024;

/**
 * As many equal steps as make each at most `dt0` long (within 1e-9).
 *
 * When the times and `dt0` are numbers, so is the count, and the record has exactly as many slots.
 *
 * @param given t0, t1 and dt0 as the user gave them
 * @param maxSteps default: as many as needed when the count is known, else 1024
 */
export function fixedSteps<Y>(
  problem: Problem<Y>,
  given: { readonly t0: TensorLike; readonly t1: TensorLike; readonly dt0: TensorLike | undefined },
  maxSteps: number | undefined,
): StepRecord {
  const { t0, t1, span, solver } = problem;
  const dt0 = expectLength(given.dt0);
  const known = countOf(given.t0, given.t1, given.dt0);
  const slots = Math.max(1, known === null ? (maxSteps ?? defaultSlots) : Math.min(known, maxSteps ?? known));
  const wanted = known === null ? ceil(sub(div(span, dt0), 1e-9)) : full([], known, "float64");
  const taken = minimum(wanted, slots);
  const step = div(sub(t1, t0), maximum(wanted, 1));
  const complete = equal(taken, wanted);
  const { success, maxStepsReached } = statusCodes;
  return {
    starts: add(t0, mul(step, iota([slots], 0, "float64"))),
    steps: mul(step, full([slots], 1, "float64")),
    count: convert(taken, "int32"),
    slots,
    rejected: full([], 0, "int32"),
    status: select(complete, full([], success, "int32"), full([], maxStepsReached, "int32")),
    end: select(complete, t1, add(t0, mul(step, taken))),
    startEvaluations: solver.startEvaluations,
  };
}

function countOf(t0: TensorLike, t1: TensorLike, dt0: TensorLike | undefined): number | null {
  if (typeof t0 !== "number" || typeof t1 !== "number" || typeof dt0 !== "number") return null;
  return Math.max(0, Math.ceil(Math.abs(t1 - t0) / dt0 - 1e-9));
}

function expectLength(dt0: TensorLike | undefined): Tensor {
  if (dt0 !== undefined && (typeof dt0 !== "number" || dt0 > 0)) return convert(dt0, "float64");
  throw new TensorError(
    `Cannot solve with equal steps: expected a positive dt0, got ${dt0 === undefined ? "none" : String(dt0)}`,
    "Pass dt0, the longest step; its sign does not matter for backward time and is always positive.",
  );
}
