/** The tables of a report: the ranking, fitted constants, and what was read. */
import { formatted } from "@leastaction/dynamics";
import { horizonCell } from "../horizon-in-units.ts";
import { html, type Markup } from "./html.ts";
import type { ConstantRow, RankingRow, ReadingRow, ReportContent } from "./report-content.ts";
import { type Column, table } from "./table.ts";

/** Every candidate, best first, baselines among them. */
export function rankingTable({ ranking, rankingMetric, time }: ReportContent): Markup {
  const columns: readonly Column<RankingRow>[] = [
    { heading: "Model", cell: named },
    { heading: "Selection error", below: rankingMetric, isNumber: true, cell: ({ selection }) => spread(selection) },
    {
      heading: "Test error",
      below: "tested once",
      isNumber: true,
      cell: ({ test }) => (test === null ? "–" : formatted(test)),
    },
    {
      heading: "Forecasts hold",
      below: `median, 95 % interval, ${time}`,
      isNumber: true,
      cell: ({ horizon }) => horizonCell(horizon),
    },
    { heading: "Seeds", isNumber: true, cell: ({ seeds }) => String(seeds) },
    { heading: "Parameters", isNumber: true, cell: ({ parameters }) => parameters.toLocaleString("en-US") },
    { heading: "Seconds", isNumber: true, cell: ({ seconds }) => formatted(seconds) },
  ];
  return table(columns, ranking, ({ isWinner }) => (isWinner ? "winner" : ""));
}

function named({ model, kind, note }: RankingRow): Markup {
  const remarks = [kind === "network" ? "" : kind.replace("-", " "), note].filter((remark) => remark !== "").join("; ");
  return html`${model}${remarks === "" ? null : html` <small>${remarks}</small>`}`;
}

function spread({ median, smallest, largest }: RankingRow["selection"]): Markup {
  const range = smallest === largest ? null : html` <small>${formatted(smallest)} to ${formatted(largest)}</small>`;
  return html`${formatted(median)}${range}`;
}

/** Constants of a model with a formula, each with its interval. */
export function constantsTable(rows: readonly ConstantRow[]): Markup {
  const columns: readonly Column<ConstantRow>[] = [
    { heading: "Constant", cell: ({ name }) => name },
    { heading: "Value", isNumber: true, cell: ({ value }) => value },
    { heading: "Interval", below: "95 %", isNumber: true, cell: ({ interval }) => interval },
    { heading: "Unit", cell: ({ unit }) => unit },
    { heading: "Meaning", cell: ({ meaning }) => meaning },
  ];
  return table(columns, rows);
}

/** One line for each column of the data. */
export function readingTable(rows: readonly ReadingRow[]): Markup {
  const columns: readonly Column<ReadingRow>[] = [
    { heading: "Column", cell: ({ column }) => column },
    { heading: "Role", cell: ({ role }) => role },
    { heading: "Unit", cell: ({ unit }) => unit },
    { heading: "Range", cell: ({ range }) => range },
    { heading: "Decided", cell: ({ decided }) => decided },
    { heading: "Remark", cell: ({ remark }) => remark },
  ];
  return table(columns, rows);
}
