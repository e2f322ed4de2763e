/**
 * Whether the 90 % band covers 90 % of what nobody has seen, near and far.
 *
 * Five systems of the zoo are simulated with noise from starts drawn independently, positions only. A model is fitted
 * to a few trajectories, as `fit` does it. Then, in each of several draws, 60 fresh trajectories calibrate its band by
 * the rule of `fit` and 60 others are forecast over their whole length, each from a state estimated on its first
 * seconds; after that the two halves change places. Counted is the share of measured positions inside the band in each
 * third of the horizon. One draw of 60 trajectories leaves coverage uncertain by about four per cent, because the errors
 * along one forecast go together; the mean over the draws shows the rule, their range what one recording session gets.
 */
import {
  type AnyModel,
  calibrateBand,
  type Dataset,
  fit,
  forecastRecording,
  modelNamed,
  neuralOde,
  parametersOf,
  type Segment,
  type SplitOptions,
  simulate,
  splitUses,
  systemNamed,
  type TestForecast,
  type TrainedModel,
  type UseName,
} from "@leastaction/dynamics";

/** One system and how it is learned. */
export interface Case {
  readonly system: string;
  readonly model: AnyModel;
  /** Optimiser steps. */
  readonly steps: number;
  /** Noise, relative to the standard deviation of each column. */
  readonly noise: number;
  readonly parameters: Readonly<Record<string, number>>;
}

/** A small network: what is tested is the band, and the less it knows the more the band has to say. */
const network = neuralOde({ hidden: [10] });

export const cases: readonly Case[] = [
  { system: "pendulum", model: modelNamed("pendulum"), steps: 40, noise: 0.02, parameters: { damping: 0.1 } },
  { system: "oscillator", model: modelNamed("linear-state-space"), steps: 40, noise: 0.05, parameters: {} },
  { system: "duffing", model: network, steps: 30, noise: 0.01, parameters: {} },
  { system: "van-der-pol", model: network, steps: 30, noise: 0.01, parameters: {} },
  { system: "double-pendulum", model: network, steps: 15, noise: 0.01, parameters: {} },
];

/** Trajectories to fit to, with enough of the other uses for `fit` to go its usual way. */
export const fitted: Readonly<Record<UseName, number>> = { train: 8, select: 3, calibrate: 12, test: 6 };
/** Trajectories that calibrate a band, and as many that test it. */
const half = 60;

/** Shares inside the band, 0 to 1: over all samples and in each third of the horizon. */
export interface Coverage {
  readonly coverage: number;
  readonly thirds: readonly number[];
  /** Mean half width of the band in each third, in units of the coordinate's scale. */
  readonly widths: readonly number[];
  /** Share of forecast samples marked `outside`. */
  readonly outside: number;
}

/** One system. */
export interface Row {
  readonly system: string;
  readonly model: string;
  readonly seed: number;
  /** Held-out trajectories that were forecast. */
  readonly heldOut: number;
  /** Mean over all draws. */
  readonly mean: Coverage;
  readonly draws: readonly Coverage[];
}

/** Data of a case, with the use of every trajectory. */
function dataOf(
  { system, noise, parameters }: Case,
  counts: Readonly<Record<UseName, number>>,
  seed: number,
): { readonly dataset: Dataset; readonly split: SplitOptions } {
  const chosen = systemNamed(system);
  const uses = (Object.keys(counts) as UseName[]).flatMap((use) => new Array<UseName>(counts[use]).fill(use));
  const { dataset } = simulate(chosen, {
    seed,
    trajectories: uses.length,
    samples: 121,
    duration: 6 * chosen.timescale(parametersOf(chosen, parameters)),
    noise: { relative: noise },
    positionsOnly: true,
    parameters,
  });
  const assign = Object.fromEntries(dataset.trajectories.map(({ name }, at) => [name, uses[at] as UseName]));
  return { dataset, split: { assign } };
}

/** Fits once, then calibrates and tests the band on so many pairs of fresh data. */
export async function measure(one: Case, seed: number, pairs: number): Promise<Row> {
  const { dataset, split } = dataOf(one, fitted, seed);
  const { model, options } = await fit(dataset, { model: one.model, steps: one.steps, seed, split });
  const draws = Array.from({ length: pairs }, (_, pair) => {
    const fresh = dataOf(one, { train: 1, select: 0, calibrate: half, test: half }, 1000 * (seed + 1) + pair);
    const { calibrate, test } = splitUses(fresh.dataset, fresh.split);
    const [first, second] = [calibrate?.pieces ?? [], test?.pieces ?? []];
    return [cover(model, first, second, options.observe), cover(model, second, first, options.observe)];
  }).flat();
  const mean = (pick: (draw: Coverage) => number): number =>
    round(draws.reduce((sum, draw) => sum + pick(draw), 0) / draws.length);
  const thirds = [0, 1, 2];
  return {
    system: one.system,
    model: one.model.name,
    seed,
    heldOut: 2 * half * pairs,
    mean: {
      coverage: mean(({ coverage }) => coverage),
      thirds: thirds.map((third) => mean((draw) => draw.thirds[third] as number)),
      widths: thirds.map((third) => mean((draw) => draw.widths[third] as number)),
      outside: mean(({ outside }) => outside),
    },
    draws,
  };
}

function cover(model: TrainedModel, own: readonly Segment[], held: readonly Segment[], observe: number): Coverage {
  const { record, simulator } = model;
  const band = calibrateBand(record, simulator, own, observe, true, record.band?.widening ?? 0);
  const forecasts = held.map((piece) => ({
    piece,
    forecast: forecastRecording({ ...record, band }, simulator, piece, { observe }),
  }));
  return countInside(
    forecasts,
    record.facts.coordinates.map(({ scale }) => scale),
  );
}

/** Shares of measured positions inside the band. */
function countInside(forecasts: readonly TestForecast[], scales: readonly number[]): Coverage {
  const d = scales.length;
  const inside = [0, 0, 0];
  const widths = [0, 0, 0];
  const all = [0, 0, 0];
  let [marked, samples] = [0, 0];
  for (const { piece, forecast } of forecasts) {
    const begin = (forecast.times[0] as number) + forecast.observed;
    const length = (forecast.times.at(-1) as number) - begin;
    for (const [row, time] of forecast.times.entries()) {
      if (time < begin) continue;
      const third = Math.min(2, Math.floor((3 * (time - begin)) / length));
      marked += forecast.outside[row] as number;
      samples += 1;
      for (let i = 0; i < d; i++) {
        const value = piece.values[(row * piece.mask.length) / piece.times.length + i] as number;
        const [low, high] = [forecast.low[row * d + i] as number, forecast.high[row * d + i] as number];
        all[third] = (all[third] as number) + 1;
        inside[third] = (inside[third] as number) + (value >= low && value <= high ? 1 : 0);
        widths[third] = (widths[third] as number) + (high - low) / 2 / (scales[i] as number);
      }
    }
  }
  const share = (counts: readonly number[]) => counts.map((count, third) => round(count / (all[third] as number)));
  const total = inside.reduce((sum, count) => sum + count, 0) / all.reduce((sum, count) => sum + count, 0);
  return { coverage: round(total), thirds: share(inside), widths: share(widths), outside: round(marked / samples) };
}

function round(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}
