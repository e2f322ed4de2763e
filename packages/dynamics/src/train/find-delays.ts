/**
 * Where the fit of unknown delays starts: the delays under which the measured accelerations are explained best.
 *
 * In: training segments. Out: how late each control acts, s: what was given, or the best of a grid of steps of half a
 * sample, by the residual of the regression of the acceleration on position (with its sine and cosine where it is
 * periodic), velocity and the delayed controls. Several unknown delays are searched in turn. It needs no model, sees the
 * whole range where a fit by derivatives sees one valley, and uses the training data alone.
 */

import type { Dataset } from "../data/dataset.ts";
import { lineOver } from "../data/measured-control.ts";
import type { MotionSegment } from "../data/prepare.ts";
import { fromSi } from "../data/unit.ts";
import { hostMath } from "../host-math/host-math.ts";
import { trainingSamples, typicalStep } from "../model/dataset-facts.ts";
import type { DatasetFacts, Samples } from "../model/model.ts";
import { leastSquares } from "../optim/least-squares.ts";
import { formatted } from "./plain-words.ts";
import type { FittedDelays } from "./shooting.ts";

/** Delays to start from, and which of them are fitted. */
export interface Delays {
  /** [c] s. */
  readonly delays: readonly number[];
  readonly fitted: FittedDelays;
}

/** Most samples that a candidate is judged on, and candidates on the grid. */
const judged = 1500;
const candidates = 160;
/** Rounds over several unknown delays. */
const rounds = 3;

/** The delays of training segments: those given, and starts for those to be fitted. */
export function findDelays(dataset: Dataset, segments: readonly MotionSegment[], facts: DatasetFacts): Delays {
  const controls = dataset.controls.flatMap(({ delay }, i) => (delay === "fit" ? [i] : []));
  const delays = dataset.controls.map(({ delay }) => (delay === "fit" ? 0 : delay));
  const step = controlStep(dataset) / 2;
  // Later than half a period it cannot be told from one of the other sign.
  const most = Math.max(4 * facts.dt, Math.min(candidates * step, Math.PI / facts.frequency));
  const fitted = { controls, longest: 2 * most };
  if (controls.length === 0) return { delays, fitted };
  const error = residualOf(dataset, segments, facts);
  for (let round = 0; round < (controls.length === 1 ? 1 : rounds); round++) {
    for (const control of controls) {
      let best = Number.POSITIVE_INFINITY;
      // Grid points lie between the multiples of half a sample, where jumps meet samples.
      for (let delay = step / 2; delay <= most; delay += step) {
        const found = error(delays.map((value, i) => (i === control ? delay : value)));
        if (found >= best) continue;
        best = found;
        delays[control] = delay;
      }
    }
  }
  return { delays, fitted };
}

/** Where the fits of unknown delays start, one line each. */
export function delayLines({ controls, time: { unit } }: Dataset, { delays }: Delays): readonly string[] {
  return controls.flatMap(({ name, delay }, i): readonly string[] => {
    if (delay !== "fit") return [];
    const start = `${formatted(fromSi(unit, delays[i] as number))} ${unit.symbol}`;
    return [`delay of ${name}: fitted with each model, from ${start} on (regression of the training accelerations)`];
  });
}

/** The residual of the regression at delays: mean square. */
function residualOf(
  dataset: Dataset,
  segments: readonly MotionSegment[],
  facts: DatasetFacts,
): (delays: readonly number[]) => number {
  const spans = thinnedSpans(dataset, segments);
  const d = facts.coordinates.length;
  const fixed = spans.map(({ observation }) => featuresOf(observation, facts));
  return (delays) => {
    const rows = spans.map(({ segment, from, to }, at) => {
      const inputs = segment.signals.map((signal, i) => {
        const delay = delays[i] as number;
        return lineOver(signal, from - delay, to - delay).middle / (facts.controls[i]?.scale ?? 1);
      });
      return Float64Array.from([...(fixed[at] as readonly number[]), ...inputs]);
    });
    let total = 0;
    for (let i = 0; i < d; i++) {
      const targets = spans.map(({ accelerations }) => accelerations[i] as number);
      const gains = leastSquares(rows, targets);
      const unit = ((facts.coordinates[i]?.velocityScale ?? 1) * facts.frequency) ** 2 * rows.length;
      rows.forEach((row, at) => {
        const fit = row.reduce((sum, value, k) => sum + value * (gains[k] as number), 0);
        total += ((targets[at] as number) - fit) ** 2 / unit;
      });
    }
    return total;
  };
}

function featuresOf(observation: Float64Array, { coordinates }: DatasetFacts): readonly number[] {
  const d = coordinates.length;
  return [
    1,
    ...coordinates.flatMap(({ periodic, centre, scale }, i) => {
      const q = observation[i] as number;
      return periodic
        ? [hostMath.sin(q), hostMath.cos(q)]
        : [(q - centre) / scale, hostMath.power((q - centre) / scale, 3)];
    }),
    ...coordinates.flatMap(({ velocityScale }, i) => {
      const v = (observation[d + i] as number) / velocityScale;
      return [v, v * Math.abs(v)];
    }),
  ];
}

interface Span {
  readonly segment: MotionSegment;
  readonly from: number;
  readonly to: number;
  readonly observation: Float64Array;
  readonly accelerations: Float64Array;
}

/** Samples with the times that their accelerations were taken from, spread evenly. */
function thinnedSpans(dataset: Dataset, segments: readonly MotionSegment[]): readonly Span[] {
  const d = dataset.coordinates.length;
  const all = segments.flatMap((segment) => {
    const middle = segment.times.length - 2;
    return Array.from({ length: Math.max(0, middle) }, (_, k) => ({ segment, row: k + 1 }));
  });
  const kept = Math.min(judged, all.length);
  return Array.from({ length: kept }, (_, i) => all[Math.floor(((i + 0.5) * all.length) / kept)]).flatMap((place) => {
    if (place === undefined) return [];
    const { segment, row } = place;
    const one = oneSample(dataset, segment, row);
    if (one.count === 0) return [];
    const [from, to] = [segment.times[row - 1] as number, segment.times[row + 1] as number];
    return [{ segment, from, to, observation: one.observations, accelerations: one.rates.subarray(d) }];
  });
}

/** The sample of one row, with its acceleration. */
function oneSample(dataset: Dataset, segment: MotionSegment, row: number): Samples {
  const d = dataset.coordinates.length;
  const part = {
    ...segment,
    times: segment.times.subarray(row - 1, row + 2),
    positions: segment.positions.subarray((row - 1) * d, (row + 2) * d),
    velocities: segment.velocities.subarray((row - 1) * d, (row + 2) * d),
    signals: [],
  };
  return trainingSamples(dataset, [part]);
}

function controlStep({ trajectories }: Dataset): number {
  return typicalStep(trajectories);
}
