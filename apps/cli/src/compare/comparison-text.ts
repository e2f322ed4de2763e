/** A comparison on the terminal: one table, and what makes it fair or not. */
import { counted, formatted, type MedianInterval } from "@leastaction/dynamics";
import { namedRows } from "../named-rows.ts";
import type { Comparison, ComparisonRow } from "./comparison.ts";

export function comparisonText(comparison: Comparison): string {
  const { rows, coordinates, units, time, reference, pieces, notes } = comparison;
  const unit = (name: string): string => (units[name] ? `, ${units[name]}` : "");
  const head = [
    "model",
    "seeds",
    ...coordinates.flatMap((name) => [`RMSE of ${name}${unit(name)}`, "fit, %"]),
    `valid time${unit(time)}`,
    `error / ${reference}`,
    "",
    "steps",
    "seconds",
  ];
  const lines = rows.map((row) => [
    row.name,
    String(row.seeds.length),
    ...coordinates.flatMap((name) => [
      withInterval(row.rmse[name] as MedianInterval),
      withInterval(row.fit[name] as MedianInterval),
    ]),
    withInterval(row.validTime),
    row.ratio === null ? "1" : withInterval(row.ratio),
    row.verdict,
    formatted(row.steps, 6),
    formatted(row.seconds, 2),
  ]);
  const said = [
    `Test data: ${counted(pieces.length, "recording")} (${pieces.join(", ")}).`,
    "Medians over seeds, the ratio over recordings; in brackets the interval of the median by order statistics:",
    `${confidenceOf(rows)}`,
    ...notes.map((note) => `Networks: ${note}.`),
  ];
  return `${namedRows([head, ...lines])}\n${said.join("\n")}\n`;
}

function withInterval({ median, low, high }: MedianInterval): string {
  return low === high ? formatted(median) : `${formatted(median)} [${formatted(low)}, ${formatted(high)}]`;
}

/** What the brackets are worth. */
function confidenceOf(rows: readonly ComparisonRow[]): string {
  const percent = (value: number): string => `${formatted(100 * value)} %`;
  const seeds = Math.min(
    ...rows.map(({ rmse }) => Object.values(rmse)[0]?.confidence ?? 0).filter((value) => value > 0),
    1,
  );
  const pieces = rows.map(({ ratio }) => ratio?.confidence ?? 1).reduce((least, value) => Math.min(least, value), 1);
  const overSeeds = seeds < 1 ? `at least ${percent(seeds)} over seeds` : "none over seeds, of which there is one";
  const overPieces = pieces > 0 ? `at least ${percent(pieces)} over recordings` : "none over one recording";
  const wanted = pieces < 0.95 ? " Six recordings are needed to tell models apart at 95 %." : "";
  return `${overSeeds}; ${overPieces}.${wanted}`;
}
