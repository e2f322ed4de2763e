/**
 * The journal of a fit: what each training gave that has ended, and where the one under way is.
 *
 * A fit is a fixed sequence of trainings, between which everything is computed from their results and always comes out
 * the same. So its state is the journal alone: a fit that goes on does everything again but the trainings that are in it.
 * It also counts steps and reports over the whole fit. After an interruption nothing is written any more: what was
 * offered then is what the fit goes on from, while it still makes the best of what there is.
 */
import { type HostTensor, TensorError } from "@leastaction/tensor";
import type { Checkpoints, Fact, SavedState } from "./checkpoint.ts";
import { readState } from "./read-state.ts";
import type { Clock } from "./run-control.ts";

/** As `Checkpoints`, for one training of a fit: where it is in the whole is known here. */
export interface TrainingCheckpoints {
  readonly last: SavedState | null;
  readonly offer: (state: () => SavedState) => Promise<void>;
}

/** The journal of one fit. */
export interface Journal {
  /** What a training gave; null when it has not ended. */
  readonly ended: (training: string) => SavedState | null;
  /** Writes down what a training gave. */
  readonly end: (training: string, result: SavedState) => void;
  /** For a training that begins or goes on. */
  readonly checkpoints: (training: string) => TrainingCheckpoints;
  /** Offers the state where no training is under way. */
  readonly between: () => Promise<void>;
  /** Counts a report of so many steps more. */
  readonly report: (steps: number) => void;
}

/** For a fit whose states nobody keeps. */
export const unkept: Checkpoints = Object.freeze({ last: null, offer: () => Promise.resolve() });

/** s that a fit took before it stopped. */
export function elapsedBefore({ last }: Checkpoints): number {
  return last === null ? 0 : readState(last).number("elapsed");
}

/**
 * @param about what the fit is, in words that differ for another one
 * Errors: the state of another fit.
 */
export function journalOf(checkpoints: Checkpoints, about: string, clock: Pick<Clock, "elapsed" | "aborted">): Journal {
  const { last } = checkpoints;
  if (last !== null) expectSame(about, last);
  const results = new Map(last === null ? [] : entriesOf(last, "ended"));
  // Under way in the last state, and not yet reached again.
  const begun = new Map(last === null ? [] : entriesOf(last, "running"));
  let steps = last === null ? 0 : readState(last).number("steps");
  let reports = last === null ? 0 : readState(last).number("reports");
  let closed = false;
  const offer = async (running: () => Entries): Promise<void> => {
    if (closed) return;
    const now = clock.aborted();
    const elapsed = clock.elapsed();
    closed = now;
    const state = (): SavedState => whole({ about, steps, reports, elapsed }, [...results], [...begun, ...running()]);
    await checkpoints.offer(state, {
      steps,
      reports,
      elapsed,
      now,
    });
  };
  return {
    ended: (training) => results.get(training) ?? null,
    end: (training, result) => {
      if (closed) return;
      begun.delete(training);
      results.set(training, result);
    },
    checkpoints: (training) => ({
      last: begun.get(training) ?? null,
      offer: (state) => {
        begun.delete(training);
        return offer(() => [[training, state()]]);
      },
    }),
    between: () => offer(() => []),
    report: (more) => {
      steps += more;
      reports += 1;
    },
  };
}

type Entries = readonly (readonly [string, SavedState])[];

function whole(facts: SavedState["facts"], ended: Entries, running: Entries): SavedState {
  const factsOf = (entries: Entries): Fact => Object.fromEntries(entries.map(([name, state]) => [name, state.facts]));
  return {
    facts: { ...facts, ended: factsOf(ended), running: factsOf(running) },
    tensors: Object.fromEntries(
      [...ended, ...running].flatMap(([training, { tensors }]) =>
        Object.entries(tensors).map(([name, tensor]): [string, HostTensor] => [`${training}/${name}`, tensor]),
      ),
    ),
  };
}

/** The trainings in a state, by name. */
function entriesOf({ facts, tensors }: SavedState, which: "ended" | "running"): [string, SavedState][] {
  return Object.entries((facts[which] ?? {}) as Readonly<Record<string, SavedState["facts"]>>).map(
    ([training, own]) => {
      const prefix = `${training}/`;
      const named = Object.entries(tensors).filter(([name]) => name.startsWith(prefix));
      return [
        training,
        { facts: own, tensors: Object.fromEntries(named.map(([name, t]) => [name.slice(prefix.length), t])) },
      ];
    },
  );
}

function expectSame(about: string, { facts }: SavedState): void {
  if (facts.about === about) return;
  throw new TensorError(
    `Cannot go on from this checkpoint: expected the state of a fit of ${about}, got one of ${String(facts.about)}`,
    "Give the data, models and options of the fit that stopped.",
  );
}
