/** A comparison as a LaTeX table of the package booktabs, ready for a paper. */
import { formatted, type MedianInterval } from "@leastaction/dynamics";
import { forTex } from "../for-tex.ts";
import type { Comparison } from "./comparison.ts";

export function comparisonLatex({ rows, coordinates, units, time, reference, pieces }: Comparison): string {
  const unit = (name: string): string => (units[name] ? ` (${forTex(units[name])})` : "");
  const head = [
    "Model",
    "Seeds",
    ...coordinates.map((name) => `RMSE of ${forTex(name)}${unit(name)}`),
    `Valid time${unit(time)}`,
    `Error / ${forTex(reference)}`,
  ];
  const lines = rows.map((row) => [
    forTex(row.name),
    String(row.seeds.length),
    ...coordinates.map((name) => cell(row.rmse[name] as MedianInterval)),
    cell(row.validTime),
    row.ratio === null ? "1" : cell(row.ratio),
  ]);
  const text = (cells: readonly string[]): string => `${cells.join(" & ")} \\\\`;
  return [
    `% Medians over seeds, the last column over ${pieces.length} test recordings; intervals of medians by order statistics.`,
    `\\begin{tabular}{l${"r".repeat(head.length - 1)}}`,
    "\\toprule",
    text(head),
    "\\midrule",
    ...lines.map(text),
    "\\bottomrule",
    "\\end{tabular}",
    "",
  ].join("\n");
}

function cell({ median, low, high }: MedianInterval): string {
  const number = (value: number): string => formatted(value).replace("−", "-").replaceAll(",", "{,}");
  return low === high ? `$${number(median)}$` : `$${number(median)}$ [$${number(low)}$, $${number(high)}$]`;
}
