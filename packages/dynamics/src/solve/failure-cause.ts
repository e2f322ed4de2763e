/**
 * The likely cause of a failed integration, from the facts of its last step.
 */
import type { MapLeaves } from "@leastaction/tensor";
import { type Failure, failurePlaces } from "./failure.ts";
import type { StatusName } from "./status.ts";

/**
 * Why an integration failed.
 *
 * - `nonFiniteStart`: the state is not finite where it starts
 * - `nonFiniteField`: the field is infinite or not a number
 * - `blowUp`: the solution grows without bound in finite time
 * - `stiff`: stability and not accuracy limits the steps
 * - `jump`: the field jumps
 * - `manySteps`: the steps are as long as accuracy allows, and there are too few
 * - `tolerance`: the error cannot be made as small as asked for
 * - `unknown`: without `explain`
 */
export type Cause =
  | "nonFiniteStart"
  | "nonFiniteField"
  | "blowUp"
  | "stiff"
  | "jump"
  | "manySteps"
  | "tolerance"
  | "unknown";

/** The facts of one failure as numbers. */
type Facts = MapLeaves<Failure, number>;

/** The likely cause. */
export function causeOf(status: StatusName, facts: Facts | null): Cause {
  if (facts === null) return "unknown";
  const { place, value, slope, step, stiffness, change } = facts;
  const steepness = Math.abs(slope * step) / Math.max(Math.abs(value), Number.MIN_VALUE);
  const huge = Math.abs(value) > 1e15 || (Math.abs(value) > 1 && steepness > 1);
  if (place === failurePlaces.state) return "nonFiniteStart";
  if (status === "nonFinite") return huge ? "blowUp" : "nonFiniteField";
  // The state would change by itself within a few of the shortest steps there are.
  if (status === "stepSizeUnderflow" && Math.abs(value) > 1 && steepness > 1e-3) return "blowUp";
  // A smooth field changes in a step about as much as its rates tell; the rates found at a jump are none or enormous.
  if (change > 0.3 && !(stiffness > change / 10 && stiffness < 100)) return "jump";
  if (stiffness > 2) return "stiff";
  if (status === "maxStepsReached") return "manySteps";
  return change > 1e-3 ? "jump" : "tolerance";
}

/** The cause in words, and what to do about it. */
export function remedyFor(cause: Cause, component: string, { place, step, remaining, stiffness }: Facts): string {
  const more = Math.ceil(remaining / Math.max(Math.abs(step), Number.MIN_VALUE));
  const where = place === failurePlaces.field ? "here" : "within the next step";
  const texts: Readonly<Record<Cause, string>> = {
    nonFiniteStart: `${component} is not finite at the start. Look at y0 and at what it is made of.`,
    nonFiniteField: `the derivative of ${component} is infinite or not a number ${where}. Look for a division by zero, or a root or logarithm of a negative number, and keep the state where the field is defined, or end before.`,
    blowUp: `${component} grows without bound. End the integration earlier, or look at the signs of the field; a solution may truly be infinite in finite time.`,
    stiff: `the problem is stiff: the step times the fastest rate is ${stiffness.toPrecision(3)}, near the limit of stability of an explicit method. Look for one rate far above the others, and take it out of the model, rescale it, or raise maxSteps.`,
    jump: `the field jumps near here. Give the times of its jumps as tStops with jump: true (controls do it for their knots), or make it smooth.`,
    manySteps: `about ${more} more steps of this length are needed. Raise maxSteps, loosen the tolerances, or integrate a shorter span.`,
    tolerance: `${component} cannot be made as accurate as asked for in its element type. Raise rtol or atol, or use float64.`,
    unknown: "not known.",
  };
  return texts[cause];
}
