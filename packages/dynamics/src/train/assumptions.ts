/** What was decided on the way and could have been otherwise: units, turns, velocities, controls, sampling. */
import type { Dataset } from "../data/dataset.ts";
import { describeControls } from "../data/describe-controls.ts";
import type { Sampling } from "../data/sampling.ts";
import type { AnyModel, DatasetFacts } from "../model/model.ts";
import type { ModelRecord } from "../model/model-record.ts";
import { velocitiesForMomenta } from "./canonical-momenta.ts";
import { listed } from "./plain-words.ts";

/**
 * Short statements, each a sentence without its full stop.
 * @param models those that were fitted
 */
export function assumptionsOf(
  { reading, coordinates }: Dataset,
  { facts, programs, controls, time }: ModelRecord,
  sampling: Sampling,
  models: readonly AnyModel[] = [],
): readonly string[] {
  const guessed = reading.columns.filter(({ decided, role }) => role !== "ignore" && decided.includes("no unit"));
  const names = listed(guessed.map(({ name }) => name));
  const units = listed(guessed.map(({ unit }) => unit || "numbers"));
  const periodic = coordinates.filter((coordinate) => coordinate.periodic).map(({ name }) => name);
  return [
    ...(guessed.length === 0
      ? []
      : [`The table gives no units: ${names} ${guessed.length === 1 ? "was" : "were"} taken as ${units}`]),
    ...(periodic.length === 0 ? [] : [`A whole turn of ${listed(periodic)} changes nothing`]),
    facts.measuredVelocities ? "The measured velocities are right" : "Velocities were estimated from positions",
    ...(controls.length === 0
      ? ["Nothing from outside drives the motion, and its law does not change"]
      : [
          ...describeControls({ controls, time }).map((line) => line.slice(0, 1).toUpperCase() + line.slice(1)),
          "The law does not change",
        ]),
    ...momenta(models, facts),
    ...(programs.energy === undefined ? [] : ["Energy is per unit inertia"]),
    sampling.line.slice(0, 1).toUpperCase() + sampling.line.slice(1),
  ];
}

function momenta(models: readonly AnyModel[], facts: DatasetFacts): readonly string[] {
  const line = velocitiesForMomenta(models, facts);
  return line === null ? [] : [line];
}
