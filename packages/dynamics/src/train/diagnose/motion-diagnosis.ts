/**
 * The result of a diagnosis: plain data in the user's names and units, ready for a page or a file.
 */
import type { StateCoverage } from "../../diagnostic/state-coverage.ts";
import type { Quantity } from "../quantity.ts";
import type { PlainSentence } from "../sentences.ts";
import type { Certificate } from "./certificate.ts";
import type { MetricFinding } from "./fitted-metric.ts";
import type { MotionEnergyLoss } from "./motion-energy-loss.ts";
import type { Portrait } from "./portrait.ts";
import type { Verdicts, VerdictThresholds } from "./verdicts.ts";

/** How much was looked at. */
export interface MotionCoverage extends StateCoverage {
  readonly trajectories: number;
  readonly samples: number;
  /** In all, in `time`'s unit. */
  readonly length: number;
  /** Lengths over the shortest period; null where nothing swings. */
  readonly swings: number | null;
}

/** The long-time mean of tr(df/dv), per `time`'s unit. */
export interface MotionDivergence {
  readonly mean: number;
  /** 95 %. */
  readonly low: number;
  readonly high: number;
  /** The mean of each motion. */
  readonly motions: readonly number[];
}

/** What `diagnose` finds. */
export interface MotionDiagnosis {
  readonly name: string;
  readonly source: "data" | "run" | "system";
  /** The field that was asked, in words. */
  readonly field: string;
  /** Error of accelerations in pieces left out over their root mean square; null for equations. */
  readonly fieldError: number | null;
  readonly coordinates: readonly Quantity[];
  readonly time: Quantity;
  readonly coverage: MotionCoverage;
  /** The visited states; none where nothing was asked. */
  readonly portraits: readonly Portrait[];
  /** Null where the field is not known well enough to ask. */
  readonly divergence: MotionDivergence | null;
  /** Of one coordinate that swings about one rest, from data without controls; else null. */
  readonly energyLoss: MotionEnergyLoss | null;
  /** g without time and with it; none in one dimension and above six. */
  readonly metrics: readonly MetricFinding[];
  readonly certificate: Certificate | null;
  readonly thresholds: VerdictThresholds;
  readonly verdicts: Verdicts;
  /** What was done and what is odd, one sentence each. */
  readonly notes: readonly string[];
  /** Five plain sentences. */
  readonly summary: readonly PlainSentence[];
  readonly seconds: number;
}
