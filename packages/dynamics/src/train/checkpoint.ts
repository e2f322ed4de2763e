/**
 * Checkpoints: how a long training offers its whole state to its host, and goes on from one.
 *
 * In: a state that was offered before, or none. Out: states, between two slices, whenever the host wants one. What holds:
 * a training that goes on from any state that it offered ends with the same numbers, bit for bit, as one that never
 * stopped, on the same data, options, target and release. Deliberately not here: files, clocks, intervals (the host's).
 */
import type { HostTensor } from "@leastaction/tensor";

/** What JSON holds exactly: numbers are finite and not -0 (all others go into tensors). */
export type Fact = string | number | boolean | null | readonly Fact[] | { readonly [name: string]: Fact };

/** The state of a training as plain data and named tensors. */
export interface SavedState {
  readonly facts: Readonly<Record<string, Fact>>;
  /** Not shared with the training: it may go on while they are written. */
  readonly tensors: Readonly<Record<string, HostTensor>>;
}

/** Where a training is when it offers its state. */
export interface CheckpointMoment {
  /** Optimiser steps made since the very beginning, those before a resume included. */
  readonly steps: number;
  /** Reports (`onProgress`) made since the very beginning: what comes after them is reported again after a resume. */
  readonly reports: number;
  /** s of training since the very beginning. */
  readonly elapsed: number;
  /** Whether this is the last offer, because the training was interrupted: it should be taken. */
  readonly now: boolean;
}

/** The two ways between a training and the place where its states are kept. */
export interface Checkpoints {
  /** The state to go on from; null begins at the beginning. */
  readonly last: SavedState | null;
  /**
   * Called between slices, often. The host calls `state` during the call if it wants one now, at most once: it is made
   * then and costs a copy of everything. Training goes on when the promise resolves; an error ends it.
   */
  readonly offer: (state: () => SavedState, at: CheckpointMoment) => Promise<void>;
}
