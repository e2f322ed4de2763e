/**
 * The energy loss of one recorded coordinate, in the user's units: where a motion swings about one rest, how much is lost at
 * each amplitude is known better than any derivative of a fitted field.
 */
import { TensorError } from "@leastaction/tensor";
import type { Dataset } from "../../data/dataset.ts";
import { fromSi } from "../../data/unit.ts";
import type { CoordinateMotion } from "../../diagnostic/energy-loss/coordinate-motion.ts";
import { type BandedEstimate, type EnergyLossBin, energyLoss } from "../../diagnostic/energy-loss/energy-loss.ts";

/** Energy loss against amplitude. */
export interface MotionEnergyLoss {
  /** Amplitudes in the coordinate's unit, rates and dampings per unit of time. */
  readonly bins: readonly EnergyLossBin[];
  readonly swings: number;
  /** Share of resamples inside a band, 0 to 1. */
  readonly level: number;
}

/** What is lost, or why that cannot be told. */
export type EnergyLossAnswer =
  | { readonly loss: MotionEnergyLoss; readonly note: null }
  | { readonly loss: null; readonly note: string | null };

/**
 * Asked of one coordinate without controls; of others nothing is said.
 * @param motions smoothed: noise of velocities would make what is lost seem small beside the motion
 */
export function motionEnergyLoss(
  { coordinates, controls, time }: Pick<Dataset, "coordinates" | "controls" | "time">,
  motions: readonly CoordinateMotion[],
): EnergyLossAnswer {
  const [coordinate, ...others] = coordinates;
  if (coordinate === undefined || others.length > 0 || controls.length > 0) return { loss: null, note: null };
  const second = fromSi(time.unit, 1);
  const rate = ({ value, low, high }: BandedEstimate): BandedEstimate => {
    return { value: value / second, low: low / second, high: high / second };
  };
  const place = (value: number): number => fromSi(coordinate.unit, value);
  try {
    const { bins, swings, level } = energyLoss(motions, { periodic: coordinate.periodic });
    const own = bins.map((bin) => ({
      ...bin,
      amplitude: place(bin.amplitude),
      range: [place(bin.range[0]), place(bin.range[1])] as const,
      rate: rate(bin.rate),
      damping: rate(bin.damping),
    }));
    return { loss: { bins: own, swings: swings.length, level }, note: null };
  } catch (error) {
    if (!(error instanceof TensorError) || error.code !== "too-little-data") throw error;
    return {
      loss: null,
      note: `energy loss against amplitude is not told: ${error.message.replace(/^.*?expected /, "expected ").replace("\n", ". ")}`,
    };
  }
}
