/** From a run of the library to what a report is made of: rows and curves in the user's units. */
import {
  type Dataset,
  type ModelRecord,
  prepareSegments,
  type Run,
  type RunMember,
  rankingScale,
  type TrainedModel,
} from "@leastaction/dynamics";
import { horizonInUnits } from "../horizon-in-units.ts";
import type { RankingRow, TrainingCurve } from "./report-content.ts";
import type { RunFacts } from "./report-of-run.ts";

/** What a report says beside the run itself. */
export interface ReportFrame {
  readonly command: string;
  readonly repeatNotes: readonly string[];
  readonly version: string;
  readonly date: string;
}

export function factsOfRun(run: Run, dataset: Dataset, frame: ReportFrame): RunFacts {
  const { record, simulator } = run.model;
  return {
    dataset,
    uses: run.uses,
    record,
    simulator,
    tests: run.forecasts,
    score: run.test,
    movements: run.movements,
    summary: run.summary,
    ranking: rankingRows(run),
    rankingMetric: rankingMetric(record),
    training: trainingCurves(run),
    energyModel: energyModel(run),
    equationModel: run.members.find(({ model: { record } }) => record.equations !== undefined)?.model ?? null,
    segments: prepareSegments(dataset, run.uses.train.segments, run.sampling),
    ...frame,
  };
}

function rankingMetric(record: ModelRecord): string {
  const { unit } = rankingScale(record);
  return unit === "" ? "forecast RMSE" : `forecast RMSE, ${unit}`;
}

/** Every candidate, best first, with errors as `rankingMetric` says. */
export function rankingRows(run: Run): readonly RankingRow[] {
  const scale = rankingScale(run.model.record).factor;
  return run.ranking.map((row) => {
    const members = run.members.filter(({ name }) => name === row.model);
    return {
      model: row.model,
      isWinner: row.model === run.winner.name,
      kind: row.kind,
      seeds: row.seeds.length,
      selection: {
        median: scale * row.select,
        smallest: scale * Math.min(...row.selects),
        largest: scale * Math.max(...row.selects),
      },
      test: row.test === null ? null : scale * relative(row.test.rmse, run.model.record),
      horizon: row.horizon === null ? null : horizonInUnits(row.horizon, run.model.record),
      parameters: parameterCount(members[0]),
      seconds: row.seconds,
      note: noteOf(members),
    };
  });
}

function relative(rmse: readonly number[], { facts }: ModelRecord): number {
  const terms = facts.coordinates.map(({ scale }, index) => (rmse[index] ?? Number.NaN) / scale);
  return terms.reduce((sum, value) => sum + value, 0) / Math.max(1, terms.length);
}

function parameterCount(member: RunMember | undefined): number {
  const shapes = (member?.model.record.parameters ?? []).map(({ shape }) => shape);
  return shapes.reduce((sum, shape) => sum + shape.reduce((product, extent) => product * extent, 1), 0);
}

function noteOf(members: readonly RunMember[]): string {
  const count = (status: RunMember["status"]): number => members.filter((member) => member.status === status).length;
  const [diverged, stopped] = [count("diverged"), count("stopped")];
  return [...(diverged > 0 ? [`${diverged} diverged`] : []), ...(stopped > 0 ? [`${stopped} stopped early`] : [])].join(
    ", ",
  );
}

/** With a gap in the loss where a stage begins; the row that closes a stage carries its selection error only. */
function trainingCurve({ name, seed, curve }: RunMember, scale: number): TrainingCurve {
  const rows = curve.flatMap((row, index) => {
    const loss = row.select === null ? row.loss : Number.NaN;
    const point = { step: row.step, loss, select: scale * (row.select ?? Number.NaN) };
    const begins = index > 0 && row.stage !== curve[index - 1]?.stage;
    return begins ? [{ ...point, loss: Number.NaN, select: Number.NaN }, point] : [point];
  });
  return {
    member: name,
    seed,
    steps: Float64Array.from(rows, ({ step }) => step),
    loss: Float64Array.from(rows, ({ loss }) => loss),
    selection: Float64Array.from(rows, ({ select }) => select),
  };
}

/** Without baselines, best model first. */
function trainingCurves({ members, ranking, model }: Run): readonly TrainingCurve[] {
  const trained = ranking.filter(({ kind }) => kind !== "baseline");
  const scale = rankingScale(model.record).factor;
  return trained.flatMap((row) =>
    members
      .filter(({ name, curve }) => name === row.model && curve.length > 2)
      .map((member) => trainingCurve(member, scale)),
  );
}

/** The best member that has learned an energy. */
function energyModel({ members, ranking, model }: Run): TrainedModel | null {
  if (model.record.programs.energy !== undefined) return model;
  for (const row of ranking) {
    const own = members.filter(
      ({ name, model: { record } }) => name === row.model && record.programs.energy !== undefined,
    );
    const best = own.sort((a, b) => a.select - b.select)[0];
    if (best !== undefined && Number.isFinite(best.select)) return best.model;
  }
  return null;
}
