/**
 * What is asked of each rig: are its constants in the printed 95 % intervals, and does the grey box forecast better than
 * the baselines with the measured voltage?
 */
import { fit, readTable, type Score, withControls } from "@leastaction/dynamics";
import { type Rig, randomRig, recordRig } from "./rig.ts";

/** A constant of one rig. */
export interface ConstantRow {
  readonly name: string;
  readonly truth: number;
  readonly value: number;
  /** Half width of the 95 % interval. */
  readonly halfWidth: number | null;
  readonly unit: string;
}

/** One rig. */
export interface RigRow {
  readonly seed: number;
  readonly counts: number;
  readonly constants: readonly ConstantRow[];
  /** Mean RMSE over the test recordings by model, deg. */
  readonly rmse: Readonly<Record<string, number>>;
  readonly seconds: number;
}

/** The constants that are asked for, and their true values in the user's units. */
const wanted: Readonly<Record<string, (rig: Rig) => number>> = {
  w2: ({ w2 }) => w2,
  c1: ({ c1 }) => c1,
  "gain mot": ({ gain }) => degrees(gain),
  bias: ({ bias }) => degrees(bias),
  "delay mot": ({ delay }) => delay,
};

/** Fits the rig of a seed. */
export async function runRig(seed: number, models: readonly string[]): Promise<RigRow> {
  const rig = randomRig(seed);
  const table = readTable(recordRig(rig, seed), {
    name: "rig.csv",
    columns: { enc: "angle:deg", mot: "control:V", run: "trajectory" },
  });
  const run = await fit(withControls(table, { mot: { delay: "fit" } }), { model: models });
  const grey = run.members.find(({ name }) => name === "pendulum");
  const found = grey?.model.record.constants ?? [];
  return {
    seed,
    counts: rig.counts,
    constants: Object.entries(wanted).flatMap(([name, truth]): readonly ConstantRow[] => {
      const row = found.find((constant) => constant.name === name);
      if (row === undefined) return [];
      return [{ name, truth: truth(rig), value: row.value, halfWidth: row.halfWidth, unit: row.unit }];
    }),
    rmse: Object.fromEntries(run.members.map(({ name, test }) => [name, degrees((test as Score).rmse[0] as number)])),
    seconds: Math.round(10 * run.seconds) / 10,
  };
}

/** Whether the truth lies in the interval. */
export function isCovered({ truth, value, halfWidth }: ConstantRow): boolean {
  return halfWidth !== null && Math.abs(value - truth) <= halfWidth;
}

function degrees(radians: number): number {
  return (radians * 180) / Math.PI;
}
