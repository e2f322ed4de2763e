/**
 * The drawings of a diagnosis: the metric over the training, the eigenvalues of g, the mean divergence, the energy loss, the
 * visited states.
 */
import type { MetricFinding, MotionDiagnosis, MotionEnergyLoss } from "@leastaction/dynamics";
import { formatted } from "@leastaction/dynamics";
import * as Plot from "@observablehq/plot";
import { axisLabel, type Figure, figure } from "../report/figure.ts";
import { power, powersOver } from "../report/log-axis.ts";
import { seriesColor } from "../report/palette.ts";
import { rateUnitOf } from "./diagnosis-rows.ts";

const kindOf = ({ timeDependent }: MetricFinding): string => (timeDependent ? "g with time" : "g without time");

/** H1, H2, H3 and their sum over the steps of the training. */
export function metricFigure(finding: MetricFinding, threshold: number): Figure {
  const parts = ["total", "h1", "h2", "h3"] as const;
  const names = { total: "metric", h1: "H1", h2: "H2", h3: "H3" };
  const points = finding.curve.flatMap((row) => parts.map((part) => ({ step: row.step, part, value: row[part] })));
  const drawn = points.filter(({ value }) => value > 1e-12);
  const ticks = powersOver([...drawn.map(({ value }) => value), threshold]);
  return figure({
    name: finding.timeDependent ? "metric-with-time" : "metric-without-time",
    caption: `The metric of ${kindOf(finding)} while it is fitted, and its three parts. The dashed line is the threshold for states left out, where it ends at ${formatted(finding.total, 2)}; a g is said to exist below it only if the equations are certain enough and nothing is lost.`,
    wideWidth: 490,
    wideHeight: 280,
    legend: parts.map((part, index) => ({ label: names[part], color: seriesColor(index) })),
    x: { label: "optimiser step" },
    y: {
      label: `${kindOf(finding)} (log scale)`,
      type: "log",
      ticks,
      tickFormat: power,
      domain: [ticks[0], ticks.at(-1)],
    },
    marks: () => [
      Plot.ruleY([threshold], { stroke: "var(--muted)", strokeDasharray: "4 3" }),
      ...parts.map((part, index) =>
        Plot.lineY(
          drawn.filter((point) => point.part === part),
          { x: "step", y: "value", stroke: seriesColor(index), strokeWidth: part === "total" ? 2 : 1.2 },
        ),
      ),
    ],
  });
}

/** The eigenvalues of g at states left out, by size of the largest. */
export function spectrumFigure(finding: MetricFinding): Figure {
  const sizes = finding.spectrum.map((values) => values.map(Math.abs).sort((a, b) => a - b));
  const states = [...sizes].sort((a, b) => (a.at(-1) as number) - (b.at(-1) as number));
  const points = states.flatMap((values, state) => values.map((value, index) => ({ state, index, value })));
  const drawn = points.filter(({ value }) => value > 1e-12);
  const ticks = powersOver(drawn.map(({ value }) => value));
  const negative = finding.spectrum.filter((values) => values.some((value) => value < 0)).length;
  const both = finding.spectrum.filter(
    (values) => values.some((value) => value < 0) && values.some((value) => value > 0),
  );
  const signs =
    both.length > 0 ? `${both.length} have both signs` : negative > 0 ? "all are negative" : "all are positive";
  return figure({
    name: finding.timeDependent ? "spectrum-with-time" : "spectrum-without-time",
    caption: `Magnitudes of the eigenvalues of ${kindOf(finding)} at ${finding.spectrum.length} states left out, in order of the largest, over their root mean square: near 0 it would be singular. Signs: ${signs}.`,
    wideWidth: 490,
    wideHeight: 280,
    x: { label: "state, by its largest eigenvalue" },
    y: {
      label: "|eigenvalue| of g (log scale)",
      type: "log",
      ticks,
      tickFormat: power,
      domain: [ticks[0], ticks.at(-1)],
    },
    marks: () => [
      Plot.dot(drawn, { x: "state", y: "value", r: 1.8, fill: ({ index }: { index: number }) => seriesColor(index) }),
    ],
  });
}

/** The mean of each motion, and the interval of the mean of all. */
export function divergenceFigure(found: MotionDiagnosis): readonly Figure[] {
  const { divergence } = found;
  if (divergence === null || !Number.isFinite(divergence.low + divergence.high)) return [];
  const { mean, low, high, motions } = divergence;
  const rows = motions.map((value, index) => ({ value, motion: index + 1 }));
  const ends = [0, low, high, ...motions];
  const [from, to] = [Math.min(...ends), Math.max(...ends)];
  // Nothing lost and nothing uncertain still needs an axis.
  const room = 0.06 * (to - from) || 1;
  return [
    figure({
      name: "divergence",
      caption: `The mean of tr(df/dv) along each motion, and that of all with its 95 % interval (shaded). Below 0, in motion that stays in bounds, volume of the space of states is lost.`,
      wideWidth: 1000,
      wideHeight: 200,
      x: { label: `mean of tr(df/dv) (${rateUnitOf(found)})`, domain: [from - room, to + room] },
      y: { label: "motion", ticks: 4 },
      marks: () => [
        Plot.rect([{ low, high }], {
          x1: "low",
          x2: "high",
          y1: 0,
          y2: rows.length + 1,
          fill: "var(--accent)",
          fillOpacity: 0.18,
        }),
        Plot.ruleX([0], { stroke: "var(--muted)" }),
        Plot.ruleX([mean], { stroke: "var(--accent)", strokeWidth: 1.6 }),
        Plot.dot(rows, { x: "value", y: "motion", r: 2.6, fill: "var(--second)" }),
      ],
    }),
  ];
}

/** The rate of the energy and the equivalent damping against the amplitude, with bands. */
export function energyLossFigures(found: MotionDiagnosis): readonly Figure[] {
  const { energyLoss, coordinates } = found;
  const [coordinate] = coordinates;
  if (energyLoss === null || coordinate === undefined) return [];
  const unit = rateUnitOf(found);
  const band = `with ${100 * energyLoss.level} % bands, ${energyLoss.swings} swings in ${energyLoss.bins.length} bins`;
  const against = { label: `amplitude of ${axisLabel(coordinate)}`, zero: true, nice: true };
  const drawn = (kind: "rate" | "damping", label: string, caption: string): Figure =>
    figure({
      name: `energy-${kind}`,
      caption,
      wideWidth: 490,
      wideHeight: 280,
      x: against,
      y: { label: `${label} (${unit})`, zero: true, nice: true },
      marks: () => bandMarks(energyLoss, kind),
    });
  return [
    drawn("rate", "−d ln E/dt", `How fast the energy falls over whole swings, against their amplitude, ${band}.`),
    drawn(
      "damping",
      "equivalent damping",
      `The energy lost over the integral of v², ${band}: level where friction is linear, falling where it is dry, rising in air.`,
    ),
  ];
}

function bandMarks({ bins }: MotionEnergyLoss, kind: "rate" | "damping"): Plot.Markish[] {
  const points = bins.map((bin) => ({ amplitude: bin.amplitude, ...bin[kind] }));
  const ends = { x: "amplitude", y1: "low", y2: "high" };
  return [
    Plot.ruleY([0], { stroke: "var(--muted)" }),
    Plot.areaY(points, { ...ends, fill: "var(--accent)", fillOpacity: 0.16 }),
    Plot.ruleX(points, { ...ends, stroke: "var(--accent)" }),
    Plot.lineY(points, { x: "amplitude", y: "value", stroke: "var(--accent)", strokeWidth: 1.6 }),
    Plot.dot(points, { x: "amplitude", y: "value", r: 3, fill: "var(--accent)" }),
  ];
}

/** The visited states, one plane for each coordinate. */
export function coverageFigures({ portraits }: MotionDiagnosis): readonly Figure[] {
  return portraits.map(({ coordinate, velocity, positions, velocities }) => {
    const points = positions.map((x, at) => ({ x, y: velocities[at] as number }));
    return figure({
      name: `states-${coordinate.name}`,
      caption: `Visited states of ${coordinate.name}: the answer is for these.`,
      wideWidth: 490,
      wideHeight: 260,
      x: { label: axisLabel(coordinate), nice: true },
      y: { label: axisLabel(velocity), nice: true },
      marks: () => [Plot.dot(points, { x: "x", y: "y", r: 1.3, fill: "var(--second)", fillOpacity: 0.7 })],
    });
  });
}
