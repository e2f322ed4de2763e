import type { Expression } from "../kernel.ts";

/** An argument reduced to r + rest within pi/4 of 0, and the number of quarter turns (int32, modulo 4 at least). */
export interface Reduced {
  readonly r: Expression;
  readonly rest: Expression;
  readonly quadrant: Expression;
}
