/**
 * A checked, frozen system from its parts: constants by name, so that the functions know which there are.
 */

import { TensorError } from "@leastaction/tensor";
import type { HostRandom } from "../random/host-random.ts";
import type { SystemCoordinate } from "./coordinate.ts";
import type { Drawing } from "./drawing.ts";
import type { Constants, Invariant, Law, Scalar, Symmetry, System, SystemControl, SystemParameter } from "./system.ts";

/** A constant without its name; `minimum` is -Infinity when left out. */
export type ParameterFacts = Omit<SystemParameter, "name" | "minimum"> & Partial<Pick<SystemParameter, "minimum">>;

/** The parts of a system; what is left out is empty. */
export interface SystemOptions<Names extends string>
  extends Pick<System, "name" | "summary" | "equations" | "source" | "coordinates"> {
  readonly parameters: Readonly<Record<Names, ParameterFacts>>;
  readonly controls?: readonly SystemControl<NoInfer<Names>>[];
  readonly field: Law<NoInfer<Names>>;
  readonly energy?: Scalar<NoInfer<Names>>;
  /** SI unit of the energy; default J. */
  readonly energyUnit?: string;
  /** With which constants the energy is kept; default all. */
  readonly conservesEnergy?: (parameters: Constants<NoInfer<Names>>) => boolean;
  /** What is kept besides the energy. */
  readonly invariants?: readonly Invariant<NoInfer<Names>>[];
  readonly symmetries?: readonly Symmetry<NoInfer<Names>>[];
  readonly timescale: (parameters: Constants<NoInfer<Names>>) => number;
  readonly sampleStart: (random: HostRandom, parameters: Constants<NoInfer<Names>>) => readonly number[];
  readonly draw: (parameters: Constants<NoInfer<Names>>, state: readonly number[]) => Drawing;
}

/**
 * A system from its parts.
 * Errors: a name that is not in kebab case, no coordinate, rates for some coordinates only, two columns of
 * one name, a symmetry that names no invariant.
 */
export function defineSystem<Names extends string>(options: SystemOptions<Names>): System {
  const { name, coordinates, controls = [], energy, energyUnit = "J", conservesEnergy, symmetries = [] } = options;
  const kept: Invariant<Names>[] =
    energy === undefined
      ? []
      : [{ name: "energy", unit: energyUnit, value: energy, holds: conservesEnergy ?? ((): boolean => true) }];
  const invariants = [...kept, ...(options.invariants ?? [])];
  const problem = findProblem(name, coordinates, controls, invariants, symmetries);
  if (problem !== null)
    throw new TensorError(`Cannot define system ${name}: ${problem}`, "Correct the record of the system.");
  const parameters = Object.entries<ParameterFacts>(options.parameters).map(([own, facts]): SystemParameter => {
    return Object.freeze({ name: own, minimum: Number.NEGATIVE_INFINITY, ...facts });
  });
  const { summary, equations, field, timescale, sampleStart, draw, source } = options;
  const system = {
    name,
    summary,
    coordinates: Object.freeze(coordinates),
    controls: Object.freeze(controls),
    parameters: Object.freeze(parameters),
    equations: Object.freeze(equations),
    field,
    energy: energy ?? null,
    invariants: Object.freeze(invariants),
    symmetries: Object.freeze(symmetries),
    timescale,
    sampleStart,
    draw,
    source,
  };
  // The functions ask for their own constants by name; whoever calls them goes through `parametersOf`, which has all.
  return Object.freeze(system) as unknown as System;
}

function findProblem(
  name: string,
  coordinates: readonly SystemCoordinate[],
  controls: readonly { readonly name: string }[],
  invariants: readonly { readonly name: string }[],
  symmetries: readonly { readonly name: string; readonly conserves: string | null }[],
): string | null {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) return "expected a name in kebab case, got another";
  if (coordinates.length === 0) return "expected at least one coordinate, got none";
  const rates = coordinates.flatMap(({ rate }) => rate ?? []);
  if (rates.length !== 0 && rates.length !== coordinates.length)
    return `expected a rate for every coordinate or for none, got ${rates.length} of ${coordinates.length}`;
  const names = [...coordinates, ...rates, ...controls].map((column) => column.name);
  const twice = names.find((one, index) => names.indexOf(one) !== index);
  if (twice !== undefined) return `expected a name for each column, got ${twice} twice`;
  const orphan = symmetries.find(({ conserves }) => {
    return conserves !== null && !invariants.some((invariant) => invariant.name === conserves);
  });
  return orphan === undefined ? null : `expected an invariant ${orphan.conserves} for ${orphan.name}, got none`;
}
