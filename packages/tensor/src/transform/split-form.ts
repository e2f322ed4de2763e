import type { Program } from "../program/program.ts";

/** A program cut in two; see `split.ts`. */
export interface Split {
  /** Known inputs to known outputs, then residuals. */
  readonly known: Program;
  /** Residuals, then unknown inputs, to unknown outputs. */
  readonly unknown: Program;
  readonly residuals: number;
  /** Which outputs are unknown. */
  readonly unknownOutputs: readonly boolean[];
}
