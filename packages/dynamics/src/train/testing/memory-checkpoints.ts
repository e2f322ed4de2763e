/** Checkpoints in memory, for tests: every offer can be taken, and a state survives only what a file would. */
import { readSafetensors, writeSafetensors } from "../../model/safetensors.ts";
import type { CheckpointMoment, Checkpoints, SavedState } from "../checkpoint.ts";

/** A state that was taken. */
export interface TakenState {
  readonly state: SavedState;
  readonly at: CheckpointMoment;
}

/**
 * @param last to go on from
 * @param wanted which offers are taken, by their number from 0 and their moment; default all
 */
export function memoryCheckpoints(
  last: SavedState | null = null,
  wanted: (offer: number, at: CheckpointMoment) => boolean = () => true,
): Checkpoints & { readonly taken: readonly TakenState[] } {
  const taken: TakenState[] = [];
  let offers = 0;
  return {
    last,
    taken,
    offer: (state, at) => {
      if (wanted(offers++, at)) taken.push({ state: throughBytes(state()), at });
      return Promise.resolve();
    },
  };
}

/** A state as it comes back from files. */
function throughBytes({ facts, tensors }: SavedState): SavedState {
  return {
    facts: JSON.parse(JSON.stringify(facts)) as SavedState["facts"],
    tensors: readSafetensors(writeSafetensors({ tensors, metadata: {} })).tensors,
  };
}
