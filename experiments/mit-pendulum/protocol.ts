/**
 * The measured single pendulum of the multi-arm rig (Kaheman et al. 2022, arXiv:2205.06231): trained on the `id`
 * segments only, then a free forecast over each whole `vad` segment (9.2 s) from a state estimated on its first 0.5 s of
 * theta. The swings of `vad` lie below all trained ones: what is tested is whether the law carries on where it was not
 * seen. Selection and calibration data are cut out of `id`, so that the models train on three quarters of it.
 */
import { fit, type ModelRecord, modelNamed, readTable, type Score } from "@leastaction/dynamics";

/** One trained model on the test. */
export interface Row {
  readonly model: string;
  readonly seed: number;
  /** Mean over the vad segments of the root mean square error of theta, rad. */
  readonly rmse: number;
  /** Each segment's, rad. */
  readonly segments: readonly number[];
  /** Share of the vad samples inside the 90 % band. */
  readonly coverage: number;
  readonly constants: ModelRecord["constants"];
  readonly steps: number;
  readonly seconds: number;
}

/** What is trained. */
export interface ProtocolOptions {
  /** The text of single.csv. */
  readonly table: string;
  readonly model: string;
  readonly seed: number;
  readonly seeds: number;
  /** Default: that of `fit`. */
  readonly steps?: number;
  readonly onRow?: (row: Row) => void;
}

/** Trains one model from each seed and tests it. */
export async function runProtocol({ table, model, seed, seeds, steps }: ProtocolOptions): Promise<readonly Row[]> {
  const data = readTable(table, { name: "single.csv" });
  const options = { model: modelNamed(model), seed, seeds, observe: 0.5, ...(steps === undefined ? {} : { steps }) };
  const run = await fit(data, options);
  return run.members.map((member): Row => {
    const { rmse, pieces, coverage } = member.test as Score;
    return {
      model,
      seed: member.seed,
      rmse: rmse[0] as number,
      segments: pieces.map((piece) => piece.rmse[0] as number),
      coverage,
      constants: member.model.record.constants,
      steps: member.steps,
      seconds: Math.round(member.seconds * 10) / 10,
    };
  });
}
