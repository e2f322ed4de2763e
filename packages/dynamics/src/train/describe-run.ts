/**
 * The five plain sentences that a run opens with: what moves, how far to trust it, which model and why, what was
 * assumed, what to record next.
 */
import type { Dataset } from "../data/dataset.ts";
import { fromSi } from "../data/unit.ts";
import type { ModelRecord } from "../model/model-record.ts";
import type { RankingRow } from "./run.ts";
import type { Score } from "./score.ts";

/** What the sentences are made of. */
export interface RunFacts {
  readonly dataset: Dataset;
  readonly record: ModelRecord;
  readonly ranking: readonly RankingRow[];
  readonly test: Score | null;
  /** s; null when nothing swings. */
  readonly period: number | null;
  /** Share of the amplitude lost in a period, 0 to 1; null when not known. */
  readonly loss: number | null;
  /** Share of test samples beyond the trained states. */
  readonly outside: number;
}

/** The five sentences. */
export function describeRun(facts: RunFacts): readonly string[] {
  return [movement(facts), trust(facts), choice(facts), assumptions(facts), next(facts)];
}

function movement({ dataset, period, loss }: RunFacts): string {
  const names = dataset.coordinates.map(({ name }) => name).join(", ");
  if (period === null) return `${names} moves without a period that shows in the data.`;
  const decay = loss === null ? "" : `, losing ${short(100 * loss)} % of its swing in each`;
  return `${names} swings with a period of about ${short(period)} s${decay}.`;
}

function trust({ dataset, test, record }: RunFacts): string {
  if (test === null) return "How far to trust the forecast is not known: there is no independent test.";
  const [first] = dataset.coordinates;
  const unit = first?.unit.symbol ?? "";
  const value = first === undefined ? Number.NaN : fromSi(first.unit, test.rmse[0] as number);
  const band = Number.isFinite(test.coverage)
    ? `; the 90 % band held ${short(100 * test.coverage)} % of the samples`
    : "";
  const shown = `${short(value)} ${unit === "" && first?.kind === "angle" ? "rad" : unit}`.trim();
  const note = record.band?.calibrated === true ? "" : " (band uncalibrated)";
  return `On ${test.pieces.length} unseen piece${test.pieces.length === 1 ? "" : "s"} the forecast stayed within ${shown} (root mean square) and was usable for ${short(test.validTime)} s${band}${note}.`;
}

function choice({ ranking, record }: RunFacts): string {
  const winner = ranking.find(({ model }) => model === record.name);
  const others = ranking.filter(({ model }) => model !== record.name);
  if (winner === undefined || others.length === 0) return `The model is ${record.name}, the only one asked for.`;
  const network = others.find(({ kind }) => kind === "network");
  if (winner.kind !== "network") {
    if (network === undefined) return `The model is ${record.name}, the best on the selection data.`;
    return `The model is ${record.name}: no network forecasts the selection data more than twice as well.`;
  }
  const simple = others.filter(({ kind }) => kind !== "network").sort((a, b) => a.select - b.select)[0];
  if (simple === undefined) return `The model is ${record.name}, the best on the selection data.`;
  const ratio = short(simple.select / winner.select);
  return `The model is ${record.name}: its error on the selection data is ${ratio} times smaller than that of ${simple.model}.`;
}

function assumptions({ record, dataset }: RunFacts): string {
  const velocities = record.facts.measuredVelocities ? "measured velocities" : "velocities estimated from positions";
  const periodic = record.coordinates.some((axis) => axis.periodic) ? "angles repeat after a whole turn, " : "";
  const controls = dataset.controls.length === 0 ? "nothing drives the system" : "controls are held between samples";
  return `Assumed: ${periodic}${controls}, the law does not change in time, ${velocities} are right, energies are per unit inertia.`;
}

function next({ outside, test, record }: RunFacts): string {
  if (test === null) return "Record next: one more run that is kept apart as a test.";
  if (outside > 0.2) {
    return `Record next: ${short(100 * outside)} % of the test lies beyond the trained motion; swings of those sizes would help most.`;
  }
  if (record.band?.calibrated !== true)
    return "Record next: more runs, so that the band can be calibrated on its own data.";
  return "Record next: larger and smaller swings than these, to widen the range in which the forecast holds.";
}

function short(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(2))) : "unknown";
}
