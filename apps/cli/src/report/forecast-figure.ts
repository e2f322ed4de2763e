/** Forecast against truth: the measured path, the forecast with its band, and the seconds the start was taken from. */

import type { ForecastPanel } from "@leastaction/dynamics";
import { formatted } from "@leastaction/dynamics";
import * as Plot from "@observablehq/plot";
import { axisLabel, type Figure, figure } from "./figure.ts";
import { thinned } from "./thin.ts";

/** Points of a line at most; more cannot be told apart. */
const limit = 900;

/** One figure for one coordinate of one trajectory. */
export function forecastFigure(panel: ForecastPanel, name: string): Figure {
  const { coordinate, time, times, observedUntil } = panel;
  const first = times[0] ?? 0;
  return figure({
    name,
    caption: captionOf(panel),
    wideWidth: 1000,
    wideHeight: 280,
    x: { label: axisLabel(time) },
    y: { label: axisLabel(coordinate), nice: true },
    marks: ({ isNarrow }) => [
      Plot.rectX([0], { x1: first, x2: observedUntil, fill: "var(--grid)", fillOpacity: 0.75 }),
      Plot.areaY(pointsOf(panel, "band"), {
        x: "t",
        y1: "low",
        y2: "high",
        fill: "var(--accent)",
        fillOpacity: 0.22,
        clip: true,
      }),
      Plot.lineY(pointsOf(panel, "truth"), {
        x: "t",
        y: "truth",
        stroke: "var(--ink)",
        strokeWidth: isNarrow ? 1.1 : 1.4,
      }),
      Plot.lineY(pointsOf(panel, "forecast"), {
        x: "t",
        y: "forecast",
        stroke: "var(--accent)",
        strokeWidth: isNarrow ? 1.1 : 1.4,
        strokeDasharray: "5,3",
      }),
    ],
  });
}

type Row = Readonly<Record<"t" | "truth" | "forecast" | "low" | "high", number>>;

function pointsOf(panel: ForecastPanel, line: "truth" | "forecast" | "band"): readonly Row[] {
  const { times, truth, forecast, low, high, observedUntil } = panel;
  const picked = [...thinned(line === "truth" ? truth : forecast, limit)];
  const shown = line === "truth" ? picked : picked.filter((index) => (times[index] as number) >= observedUntil);
  return shown.map((index) => ({
    t: times[index] as number,
    truth: truth[index] as number,
    forecast: forecast[index] as number,
    low: low[index] as number,
    high: high[index] as number,
  }));
}

function captionOf({ trajectory, coordinate, time, level, rmse, observedUntil, times }: ForecastPanel): string {
  const seconds = `${formatted(observedUntil - (times[0] ?? 0))} ${time.unit}`.trim();
  const percent = Math.round(level * 100);
  return (
    `${coordinate.name} of ${trajectory}: measured (solid) and forecast (dashed) with its ${percent} % band, from a state ` +
    `estimated on the first ${seconds} only (shaded). RMSE ${formatted(rmse)} ${coordinate.unit}`.trimEnd() +
    "."
  );
}
