/**
 * `model.json`: a trained model as plain data that loads everywhere and executes no code.
 *
 * It holds the traced programs of one sample (`field` or `step`, `encode`, `observe`, `energy`, …) over the versioned
 * set of primitives, beside everything a forecast needs: facts of the training data, the user's names and units, the
 * band by horizon, where the training data lay. Inputs of a program: the parameters in the order of `parameters`, then
 * its own arguments; a control comes last and only where the data has controls.
 */
import { type HostTensor, type Json, programToJson } from "@leastaction/tensor";
import type { Axis, ControlAxis, Dataset } from "../data/dataset.ts";
import { rateUnit } from "../data/unit.ts";
import { parameterLeaves } from "./flat-parameters.ts";
import type { AnyModel, DatasetFacts, ModelDefinition } from "./model.ts";
import { programParts } from "./program-parts.ts";
import { traceParts } from "./trace-parts.ts";

/**
 * Version of the layout of `model.json`; older ones stay readable (`read-model-record.ts`).
 * 1: every control is held between samples and acts at once. 2: each control says its hold and its delay.
 */
export const modelRecordVersion = 2;

/** A column that forecasts write, in the user's words. */
export interface CoordinateAxis extends Axis {
  readonly periodic: boolean;
  readonly velocity: Axis;
}

/** Half widths of the band by horizon. */
export interface Band {
  /** Whether they come from data that nothing was trained or chosen on. */
  readonly calibrated: boolean;
  /** Coverage of each row, 0 to 1, rising. */
  readonly levels: readonly number[];
  /** s since the state was estimated, rising from 0. */
  readonly horizons: readonly number[];
  /** [level][coordinate][horizon] SI. */
  readonly halfWidths: readonly (readonly (readonly number[])[])[];
  /** Added at 90 %: this times coordinate scale, distance beyond the trained states and horizon in rad of motion. */
  readonly widening: number;
  /** Distance from the trained states that the half widths have seen: only what lies beyond it widens; default 0. */
  readonly distance?: number;
}

/** Where the training data lay. */
export interface TrainedRegion {
  /** Thinned training states as features of order one, row by row. */
  readonly points: readonly (readonly number[])[];
  /** A state farther than this from all of them is outside. */
  readonly reach: number;
}

/** A constant with its interval. */
export interface FittedConstant {
  readonly name: string;
  readonly value: number;
  /** Half width of the 95 % interval; null where the data do not tell. */
  readonly halfWidth: number | null;
  readonly unit: string;
  readonly meaning: string;
}

/** The content of `model.json`. */
export interface ModelRecord {
  readonly format: "leastaction-model";
  readonly version: number;
  readonly name: string;
  readonly summary: string;
  readonly kind: ModelDefinition["kind"];
  readonly promises: readonly string[];
  readonly cites: readonly string[];
  readonly facts: DatasetFacts;
  readonly time: Axis;
  readonly trajectoryHeader: string | null;
  readonly coordinates: readonly CoordinateAxis[];
  /** With the hold and the delay that the model was trained with; s. */
  readonly controls: readonly ControlAxis<number>[];
  /** s. */
  readonly dt: number;
  readonly solver: "rk4" | "step";
  readonly parameters: readonly { readonly name: string; readonly dtype: string; readonly shape: readonly number[] }[];
  readonly stateSize: number;
  readonly programs: Readonly<Record<string, Json>>;
  readonly constants: readonly FittedConstant[];
  /** The equations of motion with their coefficients; none for models that are no equation. */
  readonly equations?: readonly string[];
  readonly unidentifiable: string | null;
  readonly region: TrainedRegion;
  readonly band: Band | null;
  readonly dataHash: string;
  readonly seed: number;
}

/** The traced programs of a definition, as JSON, and the size of its state. */
export function tracePrograms(
  model: AnyModel,
  facts: DatasetFacts,
  parameters: unknown,
): Pick<ModelRecord, "programs" | "stateSize" | "solver"> {
  const { programs, stateShape } = traceParts(model, facts, parameters);
  const json = programParts.flatMap((part) => {
    const program = programs[part];
    return program === undefined ? [] : [[part, programToJson(program)] as const];
  });
  return {
    programs: Object.fromEntries(json),
    stateSize: stateShape[0] as number,
    solver: model.field === undefined ? "step" : "rk4",
  };
}

/** What a record says of the columns of its data; `delays` of the controls, s. */
export function axesOf(
  dataset: Dataset,
  delays: readonly number[],
): Pick<ModelRecord, "time" | "trajectoryHeader" | "coordinates" | "controls" | "dataHash"> {
  const coordinates = dataset.coordinates.map(({ name, header, unit, periodic, velocity }) => ({
    name,
    header,
    unit,
    periodic,
    velocity: velocity ?? velocityAxis(name, unit),
  }));
  const { time, trajectoryHeader, controls, hash } = dataset;
  const acting = controls.map((axis, i) => ({ ...axis, delay: delays[i] as number }));
  return { time, trajectoryHeader, coordinates, controls: acting, dataHash: hash };
}

/** The parameters of a record as a list of tensors, by name. */
export function namedParameters(parameters: unknown): readonly { readonly name: string; readonly value: HostTensor }[] {
  return parameterLeaves(parameters).map(({ name, value }) => ({ name: name === "" ? "parameters" : name, value }));
}

function velocityAxis(name: string, unit: Axis["unit"]): Axis {
  const rate = rateUnit(unit);
  const label = `${name}_rate`;
  return { name: label, header: rate.symbol === "" ? label : `${label} [${rate.symbol}]`, unit: rate };
}
