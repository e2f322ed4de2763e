/** The record of a model before anything is trained: enough to score forecasts. */
import type { Dataset } from "../data/dataset.ts";
import type { AnyModel, DatasetFacts, Samples } from "../model/model.ts";
import { axesOf, type ModelRecord, modelRecordVersion } from "../model/model-record.ts";
import { trainedRegion } from "../model/trained-region.ts";
import type { Delays } from "./find-delays.ts";

/** What all members of a fit share. */
export interface DraftSetting {
  readonly dataset: Dataset;
  readonly facts: DatasetFacts;
  readonly samples: Samples;
  readonly delays: Delays;
}

/** The record without programs, band and constants. */
export function draftRecord(
  { dataset, facts, samples, delays }: DraftSetting,
  model: AnyModel,
  seed: number,
): ModelRecord {
  const { name, summary, kind, promises, cites, unidentifiable } = model;
  return {
    format: "leastaction-model",
    version: modelRecordVersion,
    name,
    summary,
    kind,
    promises,
    cites,
    facts,
    ...axesOf(dataset, delays.delays),
    dt: facts.dt,
    solver: "rk4",
    parameters: [],
    stateSize: 0,
    programs: {},
    constants: [],
    unidentifiable: unidentifiable ?? null,
    region: trainedRegion(samples, facts),
    band: null,
    seed,
  };
}

/** The record with its controls acting so late, s. */
export function withDelays(record: ModelRecord, delays: readonly number[]): ModelRecord {
  return { ...record, controls: record.controls.map((axis, i) => ({ ...axis, delay: delays[i] as number })) };
}
