/** Phase portrait: the measured paths over the learned field. */
import * as Plot from "@observablehq/plot";
import { axisLabel, type Figure, figure } from "./figure.ts";
import type { PhasePortrait } from "./report-content.ts";

const limit = 2500;

/** One figure for one coordinate and its velocity. */
export function phaseFigure(portrait: PhasePortrait, name: string): Figure {
  const { coordinate, velocity, arrows, paths } = portrait;
  const field = arrows.length === 0 ? "" : " over the learned field (arrows)";
  return figure({
    name,
    caption: `Phase portrait of ${coordinate.name}: the measured paths${field}.`,
    wideWidth: 490,
    wideHeight: 340,
    x: { label: axisLabel(coordinate) },
    y: { label: axisLabel(velocity) },
    marks: ({ width, height, isNarrow }) => [
      paths.map((path) =>
        Plot.line(strided(path), { x: "x", y: "y", stroke: "var(--ink)", strokeWidth: 0.9, strokeOpacity: 0.4 }),
      ),
      Plot.vector(directions(portrait, width, height), {
        x: "x",
        y: "y",
        rotate: "angle",
        length: isNarrow ? 8 : 12,
        stroke: "var(--second)",
        strokeOpacity: 0.75,
        strokeWidth: 1.2,
        anchor: "middle",
      }),
    ],
  });
}

interface Direction {
  readonly x: number;
  readonly y: number;
  /** Degrees, clockwise from upwards. */
  readonly angle: number;
}

/** Arrow angles on paper: the rates in units of the plotted ranges, corrected for the shape of the frame. */
function directions({ arrows }: PhasePortrait, width: number, height: number): readonly Direction[] {
  const spanX = span(arrows.map((arrow) => arrow.x));
  const spanY = span(arrows.map((arrow) => arrow.y));
  return arrows.map(({ x, y, dx, dy }) => {
    const right = (dx / spanX) * (width - 62);
    const up = (dy / spanY) * (height - 64);
    return { x, y, angle: (Math.atan2(right, up) * 180) / Math.PI };
  });
}

function span(values: readonly number[]): number {
  return Math.max(...values) - Math.min(...values) || 1;
}

function strided({ x, y }: PhasePortrait["paths"][number]): readonly { readonly x: number; readonly y: number }[] {
  const step = Math.ceil(x.length / limit);
  return Array.from({ length: Math.ceil(x.length / step) }, (_, index) => ({
    x: x[index * step] as number,
    y: y[index * step] as number,
  }));
}
