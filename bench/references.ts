/**
 * The reference numbers of the workloads, read from `workloads/reference/ID.json`.
 */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { benchFolder } from "./folder.ts";

/** What the numbers of a workload are held to. */
export interface Standards {
  /** The hand-written C is honest if it is this many times faster than a peer, within 1.15. */
  readonly floor?: { readonly against: string; readonly ratio: number };
  /** The largest ratio to the hand-written C, by the name of a target of ours. */
  readonly bars?: Readonly<Record<string, number>>;
}

/** What is known of a workload's first step, in float64, confirmed by independent implementations. */
export interface Reference extends Standards {
  readonly loss64: number;
  /** 2-norm over all parameters of the gradient of the loss alone. */
  readonly gradientNorm64: number;
  /** Loss of step number `steps` of the training from the start parameters, in float64. */
  readonly afterSteps: { readonly steps: number; readonly loss64: number };
  readonly parameters: readonly { readonly name: string; readonly shape: readonly number[] }[];
  /** Relative agreement that counts as equal work, where it is not the usual one (see `report/rows.ts`). */
  readonly tolerance?: Partial<Record<"float32" | "float64", Partial<Tolerance>>>;
}

/** Relative agreement of the first step, and of the last loss of a round. */
export interface Tolerance {
  readonly loss: number;
  readonly gradientNorm: number;
  readonly lastLoss: number;
}

/** What is known of a workload that only solves. */
export interface SolveReference extends Standards {
  /** Components of end states, row by row; `details` say of which lanes and when. */
  readonly states: readonly number[];
  /** The largest absolute error of a component that counts as equal work. */
  readonly errorLimit: number;
}

/** The reference numbers of a workload. Errors: a workload that has none. */
export function referenceOf(id: string): Reference {
  return readReference(id) as Reference;
}

/** The reference numbers of a workload that only solves. Errors: a workload that has none. */
export function solveReferenceOf(id: string): SolveReference {
  return readReference(id) as SolveReference;
}

function readReference(id: string): unknown {
  const file = path.join(benchFolder, "workloads/reference", `${id}.json`);
  if (!existsSync(file)) {
    throw new Error(
      `Cannot compare: expected reference numbers of ${id}, got none\nAdd workloads/reference/${id}.json.`,
    );
  }
  return JSON.parse(readFileSync(file, "utf8"));
}
