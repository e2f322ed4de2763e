/**
 * The parameters of a training after the numbers of steps at which they are asked for.
 */
import type { SavedState } from "./checkpoint.ts";
import { type StateReader, savedTree } from "./read-state.ts";

/** Parameters after a number of steps. */
export interface MarkedParameters {
  readonly steps: number;
  /** A tree of host tensors. */
  readonly parameters: unknown;
}

/** Keeps them. */
export interface MarkRecord {
  readonly marked: readonly MarkedParameters[];
  /** To be told every step; `read` gives the parameters there. */
  readonly add: (steps: number, read: () => unknown) => void;
  readonly tensors: () => SavedState["tensors"];
}

/**
 * @param wanted numbers of steps
 * @param like parameters of the same types
 * @param saved what this gave as `tensors`, and `done`, when the training stopped; null at its beginning
 */
export function markRecord(wanted: readonly number[], like: unknown, saved: StateReader | null): MarkRecord {
  const nameOf = (steps: number): string => `mark/${steps}`;
  const marked: MarkedParameters[] = wanted
    .filter((steps) => saved !== null && steps <= saved.number("done"))
    .map((steps) => ({ steps, parameters: saved?.tree(nameOf(steps), like) }));
  return {
    marked,
    add: (steps, read) => {
      if (wanted.includes(steps)) marked.push({ steps, parameters: read() });
    },
    tensors: () =>
      Object.fromEntries(
        marked.flatMap(({ steps, parameters }) => Object.entries(savedTree(nameOf(steps), parameters))),
      ),
  };
}
