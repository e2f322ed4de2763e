/** The drawings of an experiment: curves over the steps of the training, on a logarithmic axis. */
import type { ExperimentFigure } from "@leastaction/dynamics";
import * as Plot from "@observablehq/plot";
import { type Figure, figure } from "../report/figure.ts";
import { seriesColor } from "../report/palette.ts";

/** Draws all. */
export function experimentFigures(specs: readonly ExperimentFigure[]): readonly Figure[] {
  return specs.filter(({ curves }) => curves.length > 0).map(drawn);
}

function drawn({ name, caption, label, curves, levels }: ExperimentFigure): Figure {
  const names = [...new Set(curves.map((curve) => curve.name))];
  const values = [...curves.flatMap((curve) => curve.values), ...levels.map(({ value }) => value)];
  const positive = values.filter((value) => value > 0 && Number.isFinite(value));
  return figure({
    name,
    caption,
    wideWidth: 490,
    wideHeight: 300,
    marginLeft: 56,
    legend: names.map((each, index) => ({ label: each, color: seriesColor(index) })),
    x: { label: "optimiser step" },
    y: { label: `${label} (log scale)`, type: "log", domain: domainOf(positive), ticks: 6, tickFormat: "~e" },
    marks: () => [
      ...levels.map(({ value }) => Plot.ruleY([value], { stroke: "var(--muted)", strokeDasharray: "4 3" })),
      ...levels.map(({ name: level, value }) =>
        Plot.text([level], { y: value, frameAnchor: "right", dy: -7, textAnchor: "end", fill: "var(--muted)" }),
      ),
      ...curves.map((curve) => {
        const points = curve.steps.map((step, i) => ({ step, value: positiveOr(curve.values[i]) }));
        const stroke = seriesColor(names.indexOf(curve.name));
        return Plot.lineY(points, { x: "step", y: "value", stroke, strokeWidth: 1.4, strokeOpacity: 0.9 });
      }),
    ],
  });
}

/** From the least to the greatest, widened to a decade where they are close. */
function domainOf(values: readonly number[]): readonly [number, number] {
  if (values.length === 0) return [0.1, 1];
  const [least, greatest] = [Math.min(...values), Math.max(...values)];
  const widened = Math.max(1, Math.sqrt((10 * least) / greatest));
  return [least / widened, greatest * widened];
}

/** NaN breaks a line. */
function positiveOr(value: number | undefined): number {
  return value !== undefined && value > 0 && Number.isFinite(value) ? value : Number.NaN;
}
