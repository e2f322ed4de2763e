/** What is said at the end of a run: sentences and ranking on the terminal, one object for programs. */
import {
  formatted,
  fromSi,
  type Run,
  rankingScale,
  type Score,
  type Segment,
  type UseName,
} from "@leastaction/dynamics";
import { diagnosisLines } from "./diagnosis-lines.ts";
import { horizonCell, horizonInUnits } from "./horizon-in-units.ts";
import { namedRows } from "./named-rows.ts";
import type { ReportContent } from "./report/report-content.ts";
import { type ShownScore, scoreInUnits } from "./score-in-units.ts";

/**
 * The five sentences, the ranking, the constants of the winner with their intervals, where the rest is.
 *
 * @param folder the run folder as messages name it; null where there is none
 */
export function summaryText(run: Run, content: ReportContent, folder: string | null): string {
  const { summary, model } = run;
  const { ranking, rankingMetric, time } = content;
  const head = ["", "model", `selection (${rankingMetric})`, "test", `forecasts hold (${time})`, "seconds"];
  const rows = ranking.map(({ model, isWinner, selection, test, horizon, seconds }) => [
    isWinner ? "*" : "",
    model,
    formatted(selection.median),
    test === null ? "–" : formatted(test),
    horizonCell(horizon),
    formatted(seconds, 2),
  ]);
  const plain = summary.map((line) => `${line}\n`).join("");
  const constants = constantLines(content, model.record.unidentifiable);
  const report = folder === null ? "" : `${folder}/report.html opens offline.\n`;
  const table = namedRows([head, ...rows]);
  return `\n${plain}\n${table}\n${diagnosisLines(run).join("")}${constants}${equationText(content)}${report}`;
}

function equationText({ equation }: ReportContent): string {
  if (equation === null) return "";
  return `As an equation (${equation.model}; ${equation.units}):\n${equation.lines.map((line) => `    ${line}\n`).join("")}\n`;
}

function constantLines({ constants }: ReportContent, unidentifiable: string | null): string {
  if (constants.length === 0) return "";
  const rows = constants.map(({ name, value, interval, unit, meaning }) => [
    "",
    name,
    `${value} ${interval}`,
    unit,
    meaning,
  ]);
  const limits = unidentifiable === null ? "" : `    cannot be known: ${unidentifiable}\n`;
  return `${namedRows(rows)}${limits}\n`;
}

/** The object of `--json`. */
export function summaryJson(
  run: Run,
  content: ReportContent,
  folder: string,
  dataHash: string,
): Readonly<Record<string, unknown>> {
  const shown = (score: Score | null): ShownScore | null =>
    score === null ? null : scoreInUnits(score, run.model.record);
  const { test, calibration, options, seconds, complete, winner } = run;
  return {
    run: folder,
    model: winner.name,
    seed: winner.seed,
    summary: run.summary,
    metric: content.rankingMetric,
    ranking: content.ranking.map(
      ({ model, kind, seeds, selection, test: tested, horizon, parameters, seconds: took }) => ({
        model,
        kind,
        seeds,
        selection,
        test: tested,
        horizon,
        parameters,
        seconds: took,
      }),
    ),
    members: run.members.map(({ name, seed, select, test: tested, horizon, model, ...trained }) => ({
      model: name,
      seed,
      select: select * rankingScale(model.record).factor,
      test: shown(tested),
      horizon: horizon === null ? null : horizonInUnits(horizon, model.record),
      steps: trained.steps,
      seconds: trained.seconds,
      status: trained.status,
      diagnosis: trained.diagnosis,
    })),
    uses: run.uses.lines,
    pieces: piecesOf(run),
    sampling: run.sampling.line,
    test: shown(test),
    horizon: winner.horizon === null ? null : horizonInUnits(winner.horizon, run.model.record),
    calibration: shown(calibration),
    constants: run.model.record.constants,
    equation: content.equation,
    band: run.model.record.band === null ? null : { calibrated: run.model.record.band.calibrated },
    observe: fromSi(run.model.record.time.unit, options.observe),
    steps: options.steps,
    complete,
    seconds,
    dataHash,
  };
}

/** The four uses, row by row: which rows of which trajectory, from 0, the last not included. */
function piecesOf({ uses }: Run): Readonly<Record<UseName, readonly unknown[]>> {
  const rows = (use: { readonly pieces: readonly Segment[] } | null): readonly unknown[] =>
    (use?.pieces ?? []).map(({ name, split, from, to }) => ({ trajectory: name, split, from, to }));
  const { train, select, calibrate, test } = uses;
  return { train: rows(train), select: rows(select), calibrate: rows(calibrate), test: rows(test) };
}
