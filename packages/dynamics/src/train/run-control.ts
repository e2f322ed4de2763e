/**
 * What a long fit is steered by from outside: stop it, limit its time, hear of its progress.
 *
 * A fit runs in slices and awaits between them, so that timers, signals and pages stay alive.
 */

/** One word of progress. */
export interface Progress {
  /** 0 to 1 over the whole fit. */
  readonly fraction: number;
  /** What is being done: `train`, `rank`, `calibrate`, `test`. */
  readonly phase: "train" | "rank" | "calibrate" | "test";
  readonly model: string;
  readonly seed: number;
  /** Optimiser steps of this member so far, and of the whole. */
  readonly step: number;
  readonly steps: number;
  /** The training loss; NaN before there is one. */
  readonly loss: number;
  /** s since the start, and the estimate of what is left. */
  readonly elapsed: number;
  readonly left: number;
}

/** Options that every long fit takes. */
export interface RunControl {
  readonly signal?: AbortSignal | undefined;
  /** s; training ends in good order when they are used up. */
  readonly timeBudget?: number | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** A clock over a fit. */
export interface Clock {
  /** s since the start, those before a resume included. */
  readonly elapsed: () => number;
  /** Whether training has to end: aborted or out of time. */
  readonly over: () => boolean;
  /** Whether it was interrupted from outside: it may go on later. */
  readonly aborted: () => boolean;
  /** Lets the host run; resolves at the next turn of its loop. */
  readonly rest: () => Promise<void>;
}

/**
 * A clock that starts now and is over after `timeBudget` s, never without one.
 * @param before s that had elapsed before
 */
export function clockOf({ signal, timeBudget }: RunControl, before = 0): Clock {
  const start = performance.now();
  const elapsed = (): number => before + (performance.now() - start) / 1000;
  const aborted = (): boolean => signal?.aborted === true;
  return {
    elapsed,
    aborted,
    over: () => aborted() || elapsed() > (timeBudget ?? Number.POSITIVE_INFINITY),
    rest: nextTurn,
  };
}

/** The next turn of the host's loop, without the 4 ms that nested timers wait in browsers. */
function nextTurn(): Promise<void> {
  const { MessageChannel } = globalThis as { MessageChannel?: new () => Channel };
  if (MessageChannel === undefined) return Promise.resolve();
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

interface Port {
  onmessage: (() => void) | null;
  postMessage(message: null): void;
  close(): void;
}
interface Channel {
  readonly port1: Port;
  readonly port2: Port;
}
