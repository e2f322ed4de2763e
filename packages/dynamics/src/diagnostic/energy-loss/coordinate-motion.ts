/** One coordinate over time, as far as diagnostics of a single coordinate need it. */

/** A recording of one coordinate; a `MotionSegment` of one coordinate is one. */
export interface CoordinateMotion {
  /** [n] s, increasing. */
  readonly times: Float64Array;
  /** [n] SI; angles unwrapped; NaN where missing. */
  readonly positions: Float64Array;
  /** [n] SI, measured or estimated; NaN where missing. */
  readonly velocities: Float64Array;
}
