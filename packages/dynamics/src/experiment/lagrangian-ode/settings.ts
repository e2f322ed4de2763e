/**
 * Sizes of the experiment `lagrangian-ode`, published and reduced.
 */
import type { ExperimentForm } from "../experiment.ts";

/** The sizes of one training and of what it is measured on. */
export interface LagrangianOdeSizes {
  readonly trajectories: number;
  /** Points in time from 0 to 1 s, in which the oscillators turn once. */
  readonly times: number;
  /** Of the noise, in units of the mean |x|. */
  readonly noise: number;
  readonly steps: number;
  readonly batch: number;
  readonly halfTimesAt: number;
  readonly rate: number;
  readonly patience: number;
  /** Fresh starts, and points in time from 0 to 2 s. */
  readonly testStarts: number;
  readonly testTimes: number;
  /** Points at which f itself is compared. */
  readonly domainPoints: number;
}

const full: LagrangianOdeSizes = {
  trajectories: 6000,
  times: 7,
  noise: 0.05,
  steps: 28_200,
  batch: 128,
  halfTimesAt: 1200,
  rate: 0.07,
  patience: 2000,
  testStarts: 6000,
  testTimes: 1000,
  domainPoints: 10_000_000,
};

/** The sizes of each form. */
export const lagrangianOdeSizes: Readonly<Record<ExperimentForm, LagrangianOdeSizes>> = Object.freeze({
  full,
  quick: {
    ...full,
    steps: 9400,
    batch: 64,
    halfTimesAt: 400,
    patience: 667,
    testStarts: 500,
    testTimes: 200,
    domainPoints: 100_000,
  },
});

/** Angular frequency of both oscillators, 1/s. */
export const frequency: number = 2 * Math.PI;
