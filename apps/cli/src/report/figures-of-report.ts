/** All figures of a report, in their order on the page, in named groups. */
import { energyFigure } from "./energy-figure.ts";
import type { Figure } from "./figure.ts";
import { forecastFigure } from "./forecast-figure.ts";
import { horizonFigure } from "./horizon-figure.ts";
import { phaseFigure } from "./phase-figure.ts";
import type { HorizonCurve, ReportContent } from "./report-content.ts";
import { lossFigure, selectionFigure } from "./training-figure.ts";

export interface ReportFigures {
  readonly forecasts: readonly Figure[];
  readonly horizon: readonly Figure[];
  readonly phase: readonly Figure[];
  readonly energy: readonly Figure[];
  readonly training: readonly Figure[];
}

export function figuresOf(content: ReportContent): ReportFigures {
  const { forecasts, phase, energy, training } = content;
  return {
    forecasts: forecasts.map((panel, index) => forecastFigure(panel, `forecast-${index + 1}`)),
    horizon: byUnit(content.horizon).map((curves, index) => horizonFigure(curves, `horizon-${index + 1}`)),
    phase: phase.map((portrait, index) => phaseFigure(portrait, `phase-${index + 1}`)),
    energy: energy === null ? [] : [energyFigure(energy, "energy")],
    training:
      training.length === 0
        ? []
        : [
            lossFigure(training, "training-loss"),
            selectionFigure(training, content.rankingMetric, "training-selection"),
          ],
  };
}

/** Curves of one unit share a figure. */
function byUnit(curves: readonly HorizonCurve[]): readonly (readonly HorizonCurve[])[] {
  const units = [...new Set(curves.map((curve) => curve.coordinate.unit))];
  return units.map((unit) => curves.filter((curve) => curve.coordinate.unit === unit));
}
