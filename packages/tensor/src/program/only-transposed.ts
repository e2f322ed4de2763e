/**
 * Functions with a backward pass alone: what to say when a forward derivative is asked for.
 */
import { TensorError } from "../errors.ts";
import type { Equation, Parameters } from "./primitive.ts";
import type { Program } from "./program.ts";
import { subprograms } from "./subprograms.ts";

/** @internal */
export function refuseForward(): never {
  throw new TensorError(
    "Cannot differentiate forward: expected functions with a rule for tangents, got one with a backward pass alone (customVjp)",
    "Use grad or vjp, without jvp or hessian around it, or give the function its derivative by customJvp.",
  );
}

/** @internal Errors: a program that runs an equation which may only be transposed. */
export function expectForward({ equations }: Program): void {
  if (equations.some(isRefused)) refuseForward();
}

function isRefused({ primitive, parameters }: Equation): boolean {
  const isOwn = primitive === "linear" && (parameters as Parameters["linear"]).onlyTransposed === true;
  const [first, ...others] = subprograms(primitive, parameters);
  // What a linear equation holds beside its body does not run.
  const inner = first === undefined ? [] : primitive === "linear" ? [first] : [first, ...others];
  return isOwn || inner.some(({ equations }) => equations.some(isRefused));
}
