/**
 * The reference numbers of the workloads, read from `workloads/reference.json`.
 */
import { readFileSync } from "node:fs";
import path from "node:path";
import { benchFolder } from "./folder.ts";

/** What is known of a workload's first step, in float64, confirmed by independent implementations. */
export interface Reference {
  readonly loss64: number;
  /** 2-norm over all parameters of the gradient of the loss alone. */
  readonly gradientNorm64: number;
  /** Loss of step number `steps` of the training from the start parameters, in float64. */
  readonly afterSteps: { readonly steps: number; readonly loss64: number };
  readonly parameters: readonly { readonly name: string; readonly shape: readonly number[] }[];
}

/** The reference numbers of a workload. Errors: a workload that has none. */
export function referenceOf(id: string): Reference {
  const file = path.join(benchFolder, "workloads/reference.json");
  const known = (JSON.parse(readFileSync(file, "utf8")) as Record<string, Reference>)[id];
  if (known === undefined) {
    throw new Error(
      `Cannot compare: expected reference numbers of ${id}, got none\nAdd its entry to workloads/reference.json.`,
    );
  }
  return known;
}
