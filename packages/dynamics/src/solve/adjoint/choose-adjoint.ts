/**
 * Which way to the gradient fits the sizes of a problem, with the reason.
 */
import type { AdjointName } from "./adjoint.ts";

/** Sizes that decide. */
export interface AdjointSizes {
  /** Numbers in the state. */
  readonly state: number;
  /** Numbers that the field depends on besides: parameters, arguments, captured tensors. */
  readonly parameters: number;
  /** The most steps. */
  readonly steps: number;
  /** Bytes that one step leaves for its gradient. */
  readonly stepBytes: number;
  /** Bytes of the state and of what the solver hands from step to step. */
  readonly carryBytes: number;
  /** Bytes that a gradient may take; default 256 MiB. */
  readonly memoryBytes?: number;
}

/** A choice and why. */
export interface AdjointChoice {
  readonly adjoint: Exclude<AdjointName, "auto" | "none">;
  /** One sentence. */
  readonly reason: string;
  /** Bytes that the discrete methods would keep. */
  readonly bytes: Readonly<Record<"replay" | "checkpointed" | "reversible", number>>;
}

const defaultMemory = 2 ** 28;
/** So many directions cost forward about what reverse mode costs. */
const fewDirections = 3;
const recordBytes = 16;

/**
 * Chooses. Always a discrete method, exact for the steps that were taken, as long as its memory suffices:
 * `forward` for at most 3 directions, else `replay`, else `checkpointed`, else `reversible`; `backsolve` when not even the
 * times of the steps fit.
 *
 * @example
 * const sizes = { state: 2, parameters: 252, steps: 1e6, stepBytes: 4e4, carryBytes: 32 };
 * chooseAdjoint(sizes).adjoint; // => "checkpointed"
 */
export function chooseAdjoint(sizes: AdjointSizes): AdjointChoice {
  const { state, parameters, steps, stepBytes, carryBytes, memoryBytes = defaultMemory } = sizes;
  const root = Math.ceil(Math.sqrt(steps));
  const bytes = {
    replay: steps * (recordBytes + stepBytes),
    checkpointed: steps * recordBytes + root * (carryBytes + stepBytes),
    reversible: steps * recordBytes + 2 * carryBytes,
  };
  const limit = `the ${megabytes(memoryBytes)} that a gradient may take`;
  const pick = (adjoint: AdjointChoice["adjoint"], reason: string): AdjointChoice => ({ adjoint, reason, bytes });
  if (state + parameters <= fewDirections) {
    return pick(
      "forward",
      `${state + parameters} directions cost forward no more than reverse mode, and keep nothing.`,
    );
  }
  if (bytes.replay <= memoryBytes) {
    return pick(
      "replay",
      `What ${steps} steps leave, ${megabytes(bytes.replay)}, fits in ${limit}; nothing is faster.`,
    );
  }
  const long = `What ${steps} steps leave, ${megabytes(bytes.replay)}, exceeds ${limit}`;
  if (bytes.checkpointed <= memoryBytes) {
    return pick("checkpointed", `${long}; what ${root} leave, ${megabytes(bytes.checkpointed)}, does not.`);
  }
  if (bytes.reversible <= memoryBytes) {
    return pick(
      "reversible",
      `${long}, and so does what ${root} leave; steps that can be undone leave only their times.`,
    );
  }
  return pick("backsolve", `${long}, and so do the times of the steps; the adjoint equation keeps nothing.`);
}

function megabytes(bytes: number): string {
  return bytes < 1e6 ? `${Math.round(bytes / 100) / 10} kB` : `${Math.round(bytes / 1e5) / 10} MB`;
}
