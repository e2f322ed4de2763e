/**
 * Why a step of gradient descent was not finite: the loss and its gradient once more, of the whole batch at the last good
 * state and where it failed, then of each row of the batch alone.
 */
import {
  compile,
  convert,
  type HostTensor,
  leavesOf,
  specOf,
  sum,
  type Target,
  valueAndGrad,
} from "@leastaction/tensor";
import type { DataPlace } from "../data/data-place.ts";
import { parameterLeaves } from "../model/flat-parameters.ts";
import type { Divergence } from "./divergence.ts";
import type { Objective } from "./objective.ts";

/** A step that was not finite. */
export interface FailedStep {
  readonly objective: Objective;
  readonly target: Target;
  /** Trees of host tensors: where it failed, and of the last good state. */
  readonly parameters: unknown;
  readonly good: unknown;
  readonly batch: unknown;
}

const mostPlaces = 3;

/** What can be found out about it. */
export function diagnoseDivergence(failed: FailedStep): Pick<Divergence, "quantity" | "largestGradient" | "places"> {
  const { objective, target, parameters, good, batch } = failed;
  const names = parameterLeaves(parameters).map(({ name }) => name);
  const slope = valueAndGrad((tree: unknown, data: unknown) =>
    sum(convert(objective.loss(tree, data as never), "float64")),
  );
  const compiled = compile(slope as never, [specOf(parameters), specOf(batch)] as never, target);
  const at = (tree: unknown, data: unknown): { readonly loss: number; readonly sizes: readonly number[] } => {
    const [loss, gradient] = compiled.callSync(tree, data) as unknown as [HostTensor, unknown];
    return { loss: loss.data[0] as number, sizes: leavesOf(gradient).map((leaf) => largestOf(leaf as HostTensor)) };
  };
  const isBad = ({ loss, sizes }: ReturnType<typeof at>): boolean => ![loss, ...sizes].every(Number.isFinite);
  const there = at(parameters, batch);
  const places: DataPlace[] = [];
  for (const row of objective.rows?.(batch) ?? []) {
    if (places.length < mostPlaces && isBad(at(parameters, row.batch))) places.push(row.place);
  }
  const bad = there.sizes.findIndex((size) => !Number.isFinite(size));
  const quantity = Number.isFinite(there.loss) && bad !== -1 ? `the gradient of ${names[bad]}` : "the loss";
  return { quantity, largestGradient: steepest(names, at(good, batch).sizes), places };
}

function largestOf({ data }: HostTensor): number {
  let largest = 0;
  for (const value of data as Float64Array) {
    if (!(Math.abs(value) <= largest)) largest = Math.abs(value);
    if (Number.isNaN(largest)) return largest;
  }
  return largest;
}

function steepest(names: readonly string[], sizes: readonly number[]): Divergence["largestGradient"] {
  const finite = sizes.flatMap((size, i) => (Number.isFinite(size) ? [{ parameter: names[i] as string, size }] : []));
  return finite.reduce<Divergence["largestGradient"]>(
    (most, each) => (most !== null && most.size >= each.size ? most : each),
    null,
  );
}
