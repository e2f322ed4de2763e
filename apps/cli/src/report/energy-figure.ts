/** Learned energy along the measured paths: flat where nothing is lost, falling where friction takes it. */
import * as Plot from "@observablehq/plot";
import { axisLabel, type Figure, figure } from "./figure.ts";
import { seriesColor, seriesColors } from "./palette.ts";
import type { EnergyCurves } from "./report-content.ts";
import { thinned } from "./thin.ts";

const limit = 500;

/** One line for each trajectory. */
export function energyFigure({ curves, time, unit, model }: EnergyCurves, name: string): Figure {
  const named = curves.length <= seriesColors.length;
  const legend = curves.map(({ trajectory }, index) => ({ label: trajectory, color: seriesColor(index + 1) }));
  return figure({
    name,
    caption: `Energy learned by ${model}, at the measured states: flat where none is lost. Its zero is arbitrary.`,
    legend: named && curves.length > 1 ? legend : [],
    wideWidth: 1000,
    wideHeight: 230,
    x: { label: axisLabel(time) },
    y: { label: axisLabel({ name: "energy", unit }), nice: true },
    marks: () =>
      curves.map(({ times, energy }, index) =>
        Plot.lineY(thinned(energy, limit), {
          x: (point: number) => times[point] as number,
          y: (point: number) => energy[point] as number,
          stroke: named ? seriesColor(index + 1) : "var(--second)",
          strokeOpacity: named ? 1 : 0.6,
          strokeWidth: 1.2,
        }),
      ),
  });
}
