/** A comparison as drawings: the error of every test recording paired with that of the reference, and errors by seed. */
import * as Plot from "@observablehq/plot";
import { axisLabel, type Figure, figure } from "../report/figure.ts";
import { seriesColor } from "../report/palette.ts";
import { type Comparison, type ComparisonRow, pairedRatios } from "./comparison.ts";

export function comparisonFigures(comparison: Comparison): readonly Figure[] {
  return [pairedFigure(comparison), ...comparison.coordinates.map((name) => errorFigure(comparison, name))];
}

const rowHeight = 34;

/** Room on the left for the longest name. */
function leftMargin(rows: readonly ComparisonRow[]): number {
  return 16 + 7 * Math.max(...rows.map(({ name }) => name.length));
}

function pairedFigure({ rows, reference, coordinates }: Comparison): Figure {
  const base = rows.find(({ name }) => name === reference) as ComparisonRow;
  const others = rows.filter((row) => row !== base);
  const points = others.flatMap((row) =>
    pairedRatios(row, base, coordinates).map((ratio) => ({ model: row.name, ratio })),
  );
  return figure({
    name: "paired",
    caption: `Error of each model over that of ${reference}: a dot for each test recording (medians over seeds), a bar for the median and a line for its interval. Left of 1 the model is better.`,
    wideWidth: 760,
    wideHeight: 80 + rowHeight * others.length,
    marginLeft: leftMargin(others),
    x: { type: "log", grid: true, tickFormat: "~g", label: `error / error of ${reference}` },
    y: { type: "band", label: null, domain: others.map(({ name }) => name), grid: false },
    marks: () => [
      Plot.ruleX([1], { stroke: "var(--rule)" }),
      Plot.dot(points, { x: "ratio", y: "model", r: 3, stroke: seriesColor(1), strokeOpacity: 0.7 }),
      ...intervalMarks(others.flatMap(({ name, ratio }) => (ratio === null ? [] : [{ model: name, ...ratio }]))),
    ],
  });
}

function errorFigure({ rows, units }: Comparison, coordinate: string): Figure {
  const points = rows.flatMap(({ name, members }) =>
    members.map(({ test }) => ({ model: name, rmse: test.rmse[coordinate] as number })),
  );
  return figure({
    name: `errors-${coordinate.replaceAll(/[^\w-]+/g, "-")}`,
    caption: `Forecast error of ${coordinate} on the test data: a dot for each seed, a bar for the median and a line for its interval.`,
    wideWidth: 760,
    wideHeight: 80 + rowHeight * rows.length,
    marginLeft: leftMargin(rows),
    x: {
      type: "log",
      grid: true,
      tickFormat: "~g",
      label: axisLabel({ name: `RMSE of ${coordinate}`, unit: units[coordinate] ?? "" }),
    },
    y: { type: "band", label: null, domain: rows.map(({ name }) => name), grid: false },
    marks: () => [
      Plot.dot(points, { x: "rmse", y: "model", r: 3, stroke: seriesColor(1), strokeOpacity: 0.7 }),
      ...intervalMarks(rows.flatMap(({ name, rmse }) => ({ model: name, ...rmse[coordinate] }))),
    ],
  });
}

function intervalMarks(intervals: readonly { readonly model: string }[]): Plot.Markish[] {
  const stroke = seriesColor(0);
  return [
    Plot.ruleY(intervals, { x1: "low", x2: "high", y: "model", stroke, strokeWidth: 2 }),
    Plot.tickX(intervals, { x: "median", y: "model", stroke, strokeWidth: 2.5, insetTop: 6, insetBottom: 6 }),
  ];
}
