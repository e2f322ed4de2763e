/** Learned energy along the measured paths: flat where nothing is lost, falling where friction takes it. */
import * as Plot from "@observablehq/plot";
import { axisLabel, type Figure, figure } from "./figure.ts";
import { seriesColors } from "./palette.ts";
import type { EnergyCurves } from "./report-content.ts";
import { thinned } from "./thin.ts";

const limit = 500;

/** One line for each trajectory. */
export function energyFigure({ curves, time, unit }: EnergyCurves, name: string): Figure {
  const named = curves.length <= seriesColors.length;
  const trajectories = named && curves.length > 1 ? ` (${curves.map((curve) => curve.trajectory).join(", ")})` : "";
  return figure({
    name,
    caption: `Learned energy at the measured states${trajectories}. Its zero is arbitrary.`,
    wideWidth: 490,
    wideHeight: 340,
    x: { label: axisLabel(time) },
    y: { label: axisLabel({ name: "energy", unit }), nice: true },
    marks: () =>
      curves.map(({ times, energy }, index) =>
        Plot.lineY(thinned(energy, limit), {
          x: (point: number) => times[point] as number,
          y: (point: number) => energy[point] as number,
          stroke: named ? (seriesColors[(index + 1) % seriesColors.length] as string) : "var(--second)",
          strokeOpacity: named ? 1 : 0.6,
          strokeWidth: 1.2,
        }),
      ),
  });
}
