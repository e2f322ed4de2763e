/**
 * Training curves: the loss of each member over its steps, and the error on the selection data after each stage.
 * A stage of the training fits other windows, so its loss starts a line of its own. Baselines are left out.
 */
import * as Plot from "@observablehq/plot";
import { type Figure, figure } from "./figure.ts";
import { power, powersOver } from "./log-axis.ts";
import { seriesColor } from "./palette.ts";
import type { TrainingCurve } from "./report-content.ts";

interface Point {
  readonly step: number;
  readonly value: number;
}

/** What is drawn of a curve: `loss` or `selection`. */
type Part = "loss" | "selection";

/** The loss; all seeds of a model share its colour. */
export function lossFigure(curves: readonly TrainingCurve[], name: string): Figure {
  return trainingFigure(
    curves,
    name,
    "loss",
    "training loss",
    "Training loss over the optimiser's steps; a stage that fits longer windows starts a line of its own.",
  );
}

/** The error on the selection data, by which the best stage and the ranking are decided. */
export function selectionFigure(curves: readonly TrainingCurve[], metric: string, name: string): Figure {
  return trainingFigure(
    curves,
    name,
    "selection",
    metric,
    "Error of free forecasts of the selection data after each stage of the training: the best stage is kept.",
  );
}

function trainingFigure(
  curves: readonly TrainingCurve[],
  name: string,
  part: Part,
  label: string,
  caption: string,
): Figure {
  const members = [...new Set(curves.map((curve) => curve.member))];
  const ticks = powersOver(curves.flatMap((curve) => pointsOf(curve, part).map(({ value }) => value)));
  const legend = members.map((member, index) => ({ label: member, color: seriesColor(index) }));
  return figure({
    name,
    caption: `${caption} One line for each seed.`,
    wideWidth: 490,
    wideHeight: 280,
    legend,
    x: { label: "optimiser step" },
    y: { label: `${label} (log scale)`, type: "log", ticks, tickFormat: power, domain: [ticks[0], ticks.at(-1)] },
    marks: () =>
      curves.flatMap((curve) => {
        const stroke = seriesColor(members.indexOf(curve.member));
        const points = pointsOf(curve, part);
        return [
          Plot.lineY(points, { x: "step", y: "value", stroke, strokeWidth: 1.4, strokeOpacity: 0.9 }),
          Plot.dot(points, { x: "step", y: "value", fill: stroke, r: part === "selection" ? 2.4 : 1.3 }),
        ];
      }),
  });
}

/** Points of one line; NaN breaks a line of losses, and is passed over between selection errors. */
function pointsOf(curve: TrainingCurve, part: Part): readonly Point[] {
  const points = Array.from(curve.steps, (step, index) => ({ step, value: curve[part][index] as number }));
  const drawable = points.map(({ step, value }) => ({
    step,
    value: value > 0 && Number.isFinite(value) ? value : Number.NaN,
  }));
  return part === "loss" ? drawable : drawable.filter(({ value }) => !Number.isNaN(value));
}
