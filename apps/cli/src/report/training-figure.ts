/** Training curves: the loss of each member and, where it was measured, the error on the selection data. */
import * as Plot from "@observablehq/plot";
import { type Figure, figure } from "./figure.ts";
import { seriesColors } from "./palette.ts";
import type { TrainingCurve } from "./report-content.ts";
import { thinned } from "./thin.ts";

const limit = 400;

/** All seeds of a model share its colour. */
export function trainingFigure(curves: readonly TrainingCurve[], name: string): Figure {
  const members = [...new Set(curves.map((curve) => curve.member))];
  const colorOf = (member: string): string => seriesColors[members.indexOf(member) % seriesColors.length] as string;
  return figure({
    name,
    caption: `Training loss (line) and selection error (dots, where measured) of ${members.join(", ")}; one line for each seed.`,
    wideWidth: 490,
    wideHeight: 280,
    x: { label: "optimiser step" },
    y: {
      label: "loss, log scale",
      type: "log",
      ticks: 5,
      tickFormat: (value: number) => value.toExponential(0).replace("e+", "e"),
    },
    marks: ({ isNarrow }) => [
      ...curves.flatMap((curve) => marksOf(curve, colorOf(curve.member))),
      Plot.text(
        members.flatMap((member) => lastPoint(curves.find((curve) => curve.member === member) as TrainingCurve)),
        {
          x: "step",
          y: "loss",
          text: "member",
          fill: "var(--ink)",
          textAnchor: "end",
          dy: -9,
          fontSize: isNarrow ? 11 : 12,
        },
      ),
    ],
  });
}

interface Point {
  readonly step: number;
  readonly loss: number;
  readonly member: string;
}

function marksOf(curve: TrainingCurve, stroke: string): Plot.Markish[] {
  const rows = (values: Float64Array): readonly Point[] =>
    [...thinned(values, limit)]
      .map((index) => ({ step: curve.steps[index] as number, loss: values[index] as number, member: curve.member }))
      .filter((point) => point.loss > 0);
  const measured = rows(
    curve.selection.filter((value) => value > 0).length === 0 ? new Float64Array(0) : curve.selection,
  );
  return [
    Plot.lineY(rows(curve.loss), { x: "step", y: "loss", stroke, strokeWidth: 1.1, strokeOpacity: 0.85 }),
    Plot.dot(measured, { x: "step", y: "loss", fill: stroke, r: 1.8 }),
  ];
}

function lastPoint(curve: TrainingCurve): readonly Point[] {
  const last = curve.loss.findLastIndex((value) => value > 0);
  if (last < 0) return [];
  return [{ step: curve.steps[last] as number, loss: curve.loss[last] as number, member: curve.member }];
}
