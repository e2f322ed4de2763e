/**
 * How an integration ended.
 */

/** Names of the status codes, in the order of the codes. */
export const statusNames: readonly StatusName[] = Object.freeze([
  "success",
  "maxStepsReached",
  "stepSizeUnderflow",
  "nonFinite",
]);

/** How an integration ended. */
export type StatusName = "success" | "maxStepsReached" | "stepSizeUnderflow" | "nonFinite";

/**
 * The code of each status, as `solve` returns it (int32).
 *
 * - `success`: the end was reached
 * - `maxStepsReached`: `maxSteps` steps were accepted before the end
 * - `stepSizeUnderflow`: no step that changes the time, or none as long as `dtMin`, meets the tolerance (a singularity, a
 *   jump, a stiff problem), or `dt0` is zero
 * - `nonFinite`: the field, the state, or a time known only at run time is infinite or not a number
 */
export const statusCodes: Readonly<Record<StatusName, number>> = Object.freeze({
  success: 0,
  maxStepsReached: 1,
  stepSizeUnderflow: 2,
  nonFinite: 3,
});
