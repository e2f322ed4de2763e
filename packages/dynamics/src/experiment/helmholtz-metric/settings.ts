/**
 * The sizes of the experiment: as published, and reduced to a few minutes. The parts differ in their system, in whether g
 * may depend on time, in the rate of learning and in the size of the test set.
 */
import type { ExperimentForm, ExperimentWord } from "../experiment.ts";
import type { StartSearch } from "./choose-start.ts";
import type { MetricSystem } from "./metric-system.ts";
import { dampedOscillator, douglasIiib, douglasIv, keplerPolar, undampedOscillator } from "./metric-systems.ts";

/** A field with a network for g. */
export interface MetricPart extends ExperimentWord {
  readonly system: MetricSystem;
  readonly timeDependent: boolean;
  /** Whether a g of this kind, regular everywhere, makes the motion that of a Lagrangian. */
  readonly exists: boolean;
  /** The rate at the start of each form. */
  readonly rate: Readonly<Record<ExperimentForm, number>>;
  /** Trajectories of the published test set. */
  readonly testTrajectories: number;
  /** What is not as published: a short training, whose g is carried on by `refineMetric`. */
  readonly refinement?: Readonly<Record<ExperimentForm, MetricRefinement>>;
}

/** A training in two pieces. */
export interface MetricRefinement {
  /** Steps of the first piece. */
  readonly steps: number;
  /** Of the second. */
  readonly iterations: number;
  /** Points of its sample. */
  readonly samples: number;
  /** Pairs of steps that L-BFGS keeps. */
  readonly memory: number;
}

/** Sizes of a form. */
export interface MetricSizes extends StartSearch {
  readonly trainingTrajectories: number;
  /** The most of them. */
  readonly testTrajectories: number;
  /** The most points of a trajectory. */
  readonly samples: number;
  /** Trajectories in a batch, with all their points. */
  readonly batch: number;
  readonly steps: number;
  /** Updates without improvement after which the rate is halved. */
  readonly patience: number;
}

/** The control with which g keeps its random start. */
export const frozenControl = "frozen-metric";

/** The control that puts a motion without a Lagrangian in the place of one that has one. */
export const otherFieldControl = "other-field";

const gentle = { full: 1e-3, quick: 3e-3 } as const;

/** The parts, in the order of the table. */
export const metricParts: readonly MetricPart[] = Object.freeze([
  {
    name: "undamped",
    summary: "an oscillator of two frequencies, g without time",
    system: undampedOscillator,
    timeDependent: false,
    exists: true,
    rate: gentle,
    testTrajectories: 12_000,
  },
  {
    name: "damped",
    summary: "the same with friction, g without time",
    system: dampedOscillator,
    timeDependent: false,
    exists: false,
    rate: gentle,
    testTrajectories: 12_000,
  },
  {
    name: "damped-with-time",
    summary: "the same with friction, g with time",
    system: dampedOscillator,
    timeDependent: true,
    exists: true,
    rate: gentle,
    testTrajectories: 12_000,
  },
  {
    name: "kepler",
    summary: "the Kepler problem in polar coordinates, g with time",
    system: keplerPolar,
    timeDependent: true,
    exists: true,
    rate: { full: 1e-2, quick: 1e-2 },
    testTrajectories: 12_000,
  },
  {
    name: "kepler-quasi-newton",
    summary: "the same, trained for a twentieth of the steps and carried on by L-BFGS: ours, not the paper's",
    system: keplerPolar,
    timeDependent: true,
    exists: true,
    rate: { full: 1e-2, quick: 1e-2 },
    testTrajectories: 12_000,
    refinement: {
      full: { steps: 3000, iterations: 4000, samples: 18_000, memory: 500 },
      quick: { steps: 1000, iterations: 500, samples: 2000, memory: 500 },
    },
  },
  {
    name: "douglas-iv",
    summary: "Douglas's case IV, which has no Lagrangian, g with time",
    system: douglasIv,
    timeDependent: true,
    exists: false,
    rate: gentle,
    testTrajectories: 1000,
  },
  {
    name: "douglas-iiib",
    summary: "Douglas's case IIIb, which has no Lagrangian, g with time",
    system: douglasIiib,
    timeDependent: true,
    exists: false,
    rate: gentle,
    testTrajectories: 1000,
  },
]);

/** The sizes. */
export const metricSizes: Readonly<Record<ExperimentForm, MetricSizes>> = Object.freeze({
  full: {
    trainingTrajectories: 6000,
    testTrajectories: 12_000,
    samples: 500,
    batch: 128,
    steps: 56_400,
    patience: 1500,
    starts: 16,
    trialSteps: 50,
  },
  quick: {
    trainingTrajectories: 500,
    testTrajectories: 200,
    samples: 50,
    batch: 32,
    steps: 3000,
    patience: 300,
    starts: 12,
    trialSteps: 50,
  },
});
