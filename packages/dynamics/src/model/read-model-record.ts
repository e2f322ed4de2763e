/**
 * `model.json` as it is read: written by this release or an older one, copied, damaged, or made to do harm.
 *
 * In: a text. Out: a record whose every field has its form, whose lists have the lengths that the coordinates and
 * controls ask for, and whose law can be stepped in bounded time. Its programs are read in `record-programs.ts`.
 */
import { type Json, TensorError } from "@leastaction/tensor";
import type { Axis, ControlAxis } from "../data/dataset.ts";
import type { Unit } from "../data/unit.ts";
import {
  anything,
  byName,
  type Form,
  finite,
  flag,
  kebab,
  line,
  listOf,
  natural,
  notNegative,
  objectOf,
  oneOf,
  orNull,
  pairOf,
  positive,
  refuse,
  text,
  withDefault,
} from "./json-form.ts";
import type { CoordinateFacts, DatasetFacts } from "./model.ts";
import {
  type Band,
  type CoordinateAxis,
  type FittedConstant,
  type ModelRecord,
  modelRecordVersion,
  type TrainedRegion,
} from "./model-record.ts";
import { substepsFor } from "./rollout.ts";

/** Steps of the solver between two samples: data that resolve their motion need fewer than 30. */
const mostSubsteps = 10_000;

/**
 * The record of a text. Controls of version 1 were held and acted at once.
 * Errors: texts that are no JSON, other formats, newer versions, fields that are missing or of another form.
 */
export function readRecord(json: string): ModelRecord {
  const { format, version } = versionOf(parsed(json), "");
  if (format !== "leastaction-model" || typeof version !== "number" || !(version <= modelRecordVersion)) {
    throw new TensorError(
      `Cannot read model.json: expected format leastaction-model of version ${modelRecordVersion} or older, got ${named(format)} version ${named(version)}`,
      "Read it with the release that wrote it, or a newer one.",
      "unknown-version",
    );
  }
  const record = layout(parsed(json), "");
  expectLengths(record);
  const substeps = substepsFor(record.facts, record.facts.dt);
  if (!(substeps <= mostSubsteps))
    refuse(`at most ${mostSubsteps} steps of its solver in one of the data`, substeps, "facts");
  return record;
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    throw new TensorError(
      `Cannot read model.json: expected JSON, got ${JSON.stringify((error as Error).message.slice(0, 200))}`,
      "The file is damaged: copy it again, or write it again with fit.",
      "unusable-file",
    );
  }
}

const versionOf = objectOf<{ readonly format: unknown; readonly version: unknown }>({
  format: anything,
  version: anything,
});

function named(value: unknown): string {
  if (typeof value === "object" && value !== null) return "an object";
  return String(value)
    .slice(0, 80)
    .replace(/\p{Cc}/gu, " ");
}

// JSON has no NaN and no infinity: they were written as null.
const unit = objectOf<Unit>({
  symbol: text,
  known: flag,
  dimension: objectOf<Unit["dimension"]>({
    length: finite,
    mass: finite,
    time: finite,
    current: finite,
    angle: finite,
  }),
  numerator: positive,
  denominator: positive,
});
const axisFields = { name: text, header: text, unit };
const axis = objectOf<Axis>(axisFields);
const coordinateFacts = objectOf<CoordinateFacts>({
  name: text,
  periodic: flag,
  centre: finite,
  scale: positive,
  velocityScale: positive,
  range: pairOf(orNull(finite, Number.NaN)),
  velocityRange: pairOf(orNull(finite, Number.NaN)),
  noise: orNull(notNegative, Number.NaN),
});
const facts = objectOf<DatasetFacts>({
  coordinates: listOf(coordinateFacts),
  controls: listOf(objectOf<DatasetFacts["controls"][number]>({ name: text, scale: positive })),
  dt: positive,
  frequency: positive,
  measuredVelocities: flag,
});
const band = objectOf<Band>({
  calibrated: flag,
  levels: listOf(positive),
  horizons: listOf(finite),
  halfWidths: listOf(listOf(listOf(orNull(finite, Number.NaN)))),
  widening: finite,
  distance: optional(notNegative),
});

function optional<T>(form: Form<T>): Form<never> {
  return (json, path) => (json === undefined ? undefined : form(json, path)) as never;
}

const layout = objectOf<ModelRecord>({
  format: oneOf("leastaction-model"),
  version: natural,
  name: kebab,
  summary: text,
  kind: oneOf("baseline", "grey-box", "network"),
  promises: listOf(text),
  cites: listOf(text),
  facts,
  time: axis,
  trajectoryHeader: orNull(text, null),
  coordinates: listOf(objectOf<CoordinateAxis>({ ...axisFields, periodic: flag, velocity: axis })),
  controls: listOf(
    objectOf<ControlAxis<number>>({
      ...axisFields,
      hold: withDefault(oneOf("zero", "linear"), "zero"),
      delay: withDefault(notNegative, 0),
    }),
  ),
  dt: positive,
  solver: oneOf("rk4", "step"),
  parameters: listOf(objectOf<ModelRecord["parameters"][number]>({ name: line, dtype: line, shape: listOf(natural) })),
  stateSize: natural,
  programs: byName<Json>(anything),
  constants: listOf(
    objectOf<FittedConstant>({
      name: text,
      value: orNull(finite, Number.NaN),
      halfWidth: orNull(finite, null),
      unit: text,
      meaning: text,
    }),
  ),
  equations: optional(listOf(text)),
  unidentifiable: orNull(text, null),
  region: objectOf<TrainedRegion>({ points: listOf(listOf(finite)), reach: orNull(finite, Number.POSITIVE_INFINITY) }),
  band: orNull(band, null),
  dataHash: text,
  seed: natural,
});

/** What belongs together must be as long. */
function expectLengths({ coordinates, controls, facts: given, region, band: half, parameters }: ModelRecord): void {
  const expect = (what: string, found: number, wanted: number): void => {
    if (found !== wanted) refuse(`${wanted} values`, found, what);
  };
  if (coordinates.length === 0) refuse("at least one", 0, "coordinates");
  expect("facts.coordinates", given.coordinates.length, coordinates.length);
  expect("facts.controls", given.controls.length, controls.length);
  const features = given.coordinates.reduce((sum, { periodic }) => sum + (periodic ? 3 : 2), 0);
  for (const point of region.points) expect("a point of the region", point.length, features);
  expect(
    "names of parameters without their repetitions",
    new Set(parameters.map(({ name }) => name)).size,
    parameters.length,
  );
  if (half === null) return;
  expect("band.halfWidths", half.halfWidths.length, half.levels.length);
  for (const level of half.halfWidths) {
    expect("band.halfWidths of a level", level.length, coordinates.length);
    for (const widths of level) expect("band.halfWidths of a coordinate", widths.length, half.horizons.length);
  }
}
