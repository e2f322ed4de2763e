/** Error against horizon: how far the forecast is off, and how far its band says it may be. */
import * as Plot from "@observablehq/plot";
import { axisLabel, type Figure, figure } from "./figure.ts";
import { seriesColor } from "./palette.ts";
import type { HorizonCurve } from "./report-content.ts";

/** One figure for coordinates of one unit. */
export function horizonFigure(curves: readonly HorizonCurve[], name: string): Figure {
  const first = curves[0] as HorizonCurve;
  const names = curves.map((curve) => curve.coordinate.name);
  const unit = first.coordinate.unit;
  return figure({
    name,
    caption: `Error of ${names.join(", ")} against the time since the forecast began: root mean square over the test trajectories (line) and half width of the band (dashed).`,
    legend: curves.length < 2 ? [] : names.map((label, index) => ({ label, color: seriesColor(index) })),
    wideWidth: 490,
    wideHeight: 280,
    x: { label: axisLabel({ ...first.time, name: "time ahead" }), domain: [0, first.horizons.at(-1) ?? 1] },
    y: { label: axisLabel({ name: "error", unit }), nice: true, zero: true },
    marks: () => curves.flatMap((curve, index) => marksOf(curve, seriesColor(index))),
  });
}

function marksOf(curve: HorizonCurve, stroke: string): Plot.Markish[] {
  const points = Array.from(curve.horizons, (t, index) => ({
    t,
    rmse: curve.rmse[index] as number,
    halfWidth: curve.halfWidth[index] as number,
  }));
  return [
    Plot.lineY(points, { x: "t", y: "halfWidth", stroke, strokeWidth: 1, strokeDasharray: "4,3" }),
    Plot.lineY(points, { x: "t", y: "rmse", stroke, strokeWidth: 1.8 }),
  ];
}
