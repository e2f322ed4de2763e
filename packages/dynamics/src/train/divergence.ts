/**
 * A training that diverged: what was not finite, where in the data, and how steep the loss was before.
 *
 * Plain data, found where it happened (`diagnose-divergence.ts`, `least-squares-stages.ts`) and told in the user's words
 * by `describeDivergence`.
 */
import type { DataPlace } from "../data/data-place.ts";
import type { Dataset } from "../data/dataset.ts";
import { fromSi } from "../data/unit.ts";

/** Why a training diverged. */
export interface Divergence {
  /** Steps made, those that were not applied among them. */
  readonly step: number;
  /** What was not finite, in words: `the loss`, `the gradient of layers[0].weight`, `the residual of theta`. */
  readonly quantity: string;
  /** How often training went back to its last good state and on with a smaller step. */
  readonly retreats: number;
  /** The largest number in the gradient at the last good state; null where no gradient is known. */
  readonly largestGradient: { readonly parameter: string; readonly size: number } | null;
  /** Data on which the quantity is not finite, at most three places; empty where it is not finite only in sum. */
  readonly places: readonly DataPlace[];
}

/** The diagnosis in sentences, times in the user's unit. */
export function describeDivergence(divergence: Divergence, stage: string, { time }: Pick<Dataset, "time">): string {
  const { step, quantity, retreats, largestGradient, places } = divergence;
  const went = retreats === 0 ? "" : `, after going back ${retreats} times and on with a quarter of the step each time`;
  const where = places.map(
    (place) => `${place.trajectory} at ${time.name} = ${Number(fromSi(time.unit, place.time).toPrecision(6))}`,
  );
  return [
    `In stage "${stage}" ${quantity} was not finite at step ${step}${went}; the last good state is kept.`,
    ...(largestGradient === null
      ? []
      : [`Largest gradient before: ${largestGradient.size.toPrecision(3)}, of ${largestGradient.parameter}.`]),
    where.length === 0
      ? "No part of the data does it alone."
      : `The data there: ${where.join(", ")}${places.length === 3 ? " and perhaps more" : ""}.`,
    "Look there for spikes or wrong units (inspect), leave the stretch out (--start, --stop), or try another --seed or --model.",
  ].join(" ");
}
