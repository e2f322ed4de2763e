/**
 * The energy loss of the measured pendulum of the multi-arm rig (Kaheman et al. 2022, arXiv:2205.06231) against its
 * amplitude: from measured angles and velocities, and from the angles alone. The authors' six pieces follow one another
 * without a gap and are one recording of 55 s here.
 */
import {
  chooseSampling,
  type EnergyLoss,
  energyLoss,
  prepareSegments,
  readTable,
  splitUses,
} from "@leastaction/dynamics";

/** What one form of the data gives. */
export interface Row extends Pick<EnergyLoss, "bins" | "rest"> {
  readonly data: "angles and velocities" | "angles alone";
  readonly swings: number;
}

/** Everything that is told. */
export interface Result {
  readonly level: number;
  readonly rows: readonly Row[];
}

/** The authors' viscous damping over the inertia, k1 / (m1 a1² + I1), 1/s. */
export const authorsDamping: number = 2.2394e-4 / (0.147585 * 0.147755 ** 2 + 1.09119e-4);

/** @param text of single.csv */
export function runProtocol(text: string): Result {
  const found = (["angles and velocities", "angles alone"] as const).map((data) => {
    const columns = { segment: "ignore", split: "ignore", ...(data === "angles alone" ? { omega1: "ignore" } : {}) };
    const dataset = readTable(text, { name: "single.csv", columns });
    const { train, select, calibrate, test } = splitUses(dataset, { select: 0, calibrate: 0, test: 0 });
    const segments = [train, select, calibrate, test].flatMap((use) => use?.segments ?? []);
    const sampling = { ...chooseSampling(dataset, segments), every: 1 };
    return { data, loss: energyLoss(prepareSegments(dataset, segments, sampling), { periodic: true, bins: 8 }) };
  });
  return {
    level: found[0]?.loss.level as number,
    rows: found.map(({ data, loss: { bins, rest, swings } }) => ({ data, swings: swings.length, rest, bins })),
  };
}
