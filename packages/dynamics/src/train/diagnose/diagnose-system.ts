/**
 * Diagnosis of a system of the zoo: its equations, asked on motions from its usual starts.
 */
import { wasm } from "@leastaction/tensor";
import { prepareSegments } from "../../data/prepare.ts";
import { chooseSampling } from "../../data/sampling.ts";
import { whole } from "../../data/segment.ts";
import { datasetFacts } from "../../model/dataset-facts.ts";
import { simulate } from "../../system/simulate.ts";
import { stateColumns } from "../../system/state-columns.ts";
import type { Parameters, System } from "../../system/system.ts";
import { clockOf } from "../run-control.ts";
import { type DiagnoseMotionOptions, diagnoseField, type FieldSetting } from "./diagnose-field.ts";
import { singleField } from "./field-family.ts";
import { fieldOfSystem } from "./field-of-system.ts";
import type { MotionDiagnosis } from "./motion-diagnosis.ts";
import { portraitsOf } from "./portrait.ts";
import { scaledField, scaledStates, scalesOf } from "./scaled-motion.ts";

/** What else to say of a system. */
export interface DiagnoseSystemOptions extends DiagnoseMotionOptions {
  /** Its constants; defaults of the system for those left out. */
  readonly parameters?: Parameters;
}

const trajectories = 20;

/**
 * Asks a system whether its motion has a Lagrangian, and whether it dissipates.
 *
 * @example
 * const { verdicts } = await diagnoseSystem(systemNamed("pendulum"));
 * [verdicts.lagrangian.verdict, verdicts.dissipation.verdict]; // => ["not-enough-data", "does-not-exist"]
 *
 * Errors: a system of first order; one whose velocities are not linear in its momenta; constants out of range.
 */
export async function diagnoseSystem(system: System, options: DiagnoseSystemOptions = {}): Promise<MotionDiagnosis> {
  const setting = settingOf(options);
  const { parameters = {} } = options;
  const field = fieldOfSystem(system, parameters);
  const { dataset } = simulate(system, { seed: setting.seed, trajectories, parameters });
  const segments = dataset.trajectories.map(whole);
  const sampling = { ...chooseSampling(dataset, segments), every: 1 };
  const prepared = prepareSegments(dataset, segments, sampling);
  const scales = scalesOf(datasetFacts(dataset, prepared));
  const hasMomenta = stateColumns(system).some(({ role }) => role === "momentum");
  const motions = scaledStates(prepared, scales);
  return await diagnoseField(
    {
      name: system.name,
      source: "system",
      field: `the equations of ${system.name}`,
      fieldError: null,
      coordinates: dataset.coordinates.map(({ name, unit }) => ({ name, unit: unit.symbol })),
      time: { name: dataset.time.name, unit: dataset.time.unit.symbol },
      timeUnit: 1 / scales.frequency,
      families: [singleField(scaledField(field, scales))],
      motions,
      portraits: portraitsOf(dataset, prepared),
      structure: null,
      noise: 0,
      energyLoss: null,
      trajectories,
      samples: prepared.reduce((sum, { times }) => sum + times.length, 0),
      period: sampling.period === null ? null : sampling.period * scales.frequency,
      notes: [
        `motions: ${trajectories} of the system, from its usual starts, without noise and control`,
        ...(hasMomenta ? ["momenta are exchanged for velocities"] : []),
      ],
    },
    setting,
  );
}

/** Options with their defaults. */
export function settingOf(options: DiagnoseMotionOptions): FieldSetting {
  const { seed = 0, steps = 3000, timeBudget = 45, target = wasm(), signal, onProgress } = options;
  return { seed, steps, timeBudget, target, signal, clock: clockOf({ signal }), tell: (at) => onProgress?.(at) };
}
