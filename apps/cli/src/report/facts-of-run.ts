/** From a run of the library to what a report is made of: test forecasts, rows and curves in the user's units. */
import {
  type Dataset,
  forecastRecording,
  fromSi,
  type ModelRecord,
  prepareSegments,
  type Run,
  type RunMember,
} from "@leastaction/dynamics";
import type { TestForecast } from "./forecast-panels.ts";
import type { RankingRow, TrainingCurve } from "./report-content.ts";
import type { RunFacts } from "./report-of-run.ts";

/** The coverage that reports draw. */
export const reportLevel = 0.9;

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
    tests: testForecasts(run),
    level: reportLevel,
    ranking: rankingRows(run),
    rankingMetric: rankingMetric(record),
    training: run.members.filter(({ curve }) => curve.length > 1).map(trainingCurve),
    segments: prepareSegments(dataset, run.uses.train.segments, run.sampling),
    assumptions: assumptionsOf(run, dataset),
    ...frame,
  };
}

function testForecasts({ uses, model, options }: Run): readonly TestForecast[] {
  const { record, simulator } = model;
  return (uses.test?.pieces ?? []).map((piece) => ({
    piece,
    forecast: forecastRecording(record, simulator, piece, { observe: options.observe, level: reportLevel }),
  }));
}

/** With one coordinate errors are in its unit; with several they are relative to the size of each motion. */
function errorScale({ coordinates, facts }: ModelRecord): number {
  const [axis, ...others] = coordinates;
  if (axis === undefined || others.length > 0) return 100;
  return fromSi(axis.unit, facts.coordinates[0]?.scale ?? 1);
}

function rankingMetric({ coordinates }: ModelRecord): string {
  const [axis, ...others] = coordinates;
  if (axis === undefined || others.length > 0) return "rollout RMSE in % of the standard deviation";
  return `rollout RMSE ${axis.unit.symbol === "" ? "" : `in ${axis.unit.symbol}`}`.trimEnd();
}

/** Every candidate, best first, with errors as `rankingMetric` says. */
export function rankingRows(run: Run): readonly RankingRow[] {
  const scale = errorScale(run.model.record);
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

function trainingCurve({ name, seed, curve }: RunMember): TrainingCurve {
  return {
    member: name,
    seed,
    steps: Float64Array.from(curve, ({ step }) => step),
    loss: Float64Array.from(curve, ({ loss }) => loss),
    selection: Float64Array.from(curve, ({ select }) => select ?? Number.NaN),
  };
}

function assumptionsOf(
  { sampling, facts, model }: Run,
  { reading, coordinates, controls }: Dataset,
): readonly string[] {
  const guessed = reading.columns.filter(({ decided, role }) => role !== "ignore" && /no unit|taken as/.test(decided));
  const periodic = coordinates.filter((coordinate) => coordinate.periodic).map(({ name }) => name);
  return [
    ...guessed.map(({ name, decided }) => `${name}: ${decided}`),
    ...(periodic.length === 0 ? [] : [`a whole turn of ${periodic.join(", ")} changes nothing`]),
    facts.measuredVelocities ? "measured velocities are right" : "velocities were estimated from positions",
    controls.length === 0 ? "nothing from outside drives the motion" : "controls keep their value between samples",
    "the law does not change with time",
    ...(model.record.programs.energy === undefined ? [] : ["energy is per unit inertia"]),
    sampling.line,
  ];
}
