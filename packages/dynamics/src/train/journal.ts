/**
 * The journal of a fit: what each training gave that has ended, and where the one under way is.
 *
 * A fit is a fixed sequence of trainings, between which everything is computed from their results and always comes out
 * the same. So its state is the journal alone: a fit that goes on does everything again but the trainings that are in it.
 * A member that is trained elsewhere keeps a journal of its own there, whose states are taken into this one as they come.
 * It also counts steps and reports over the whole fit, and the reports of each member: what a member does again after its
 * state was made has been told already. After an interruption nothing is written any more: what was
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
  /** Reports of a member that were told before the fit stopped. */
  readonly told: (member: string) => number;
  /** Counts a report of a member, of so many steps more. */
  readonly report: (member: string, steps: number) => void;
  /** What it holds of one member, for a journal elsewhere to go on from. */
  readonly part: (member: string) => SavedState;
  /** Takes in the state of a journal that went on from such a part. */
  readonly take: (state: SavedState) => void;
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
  const kept = keptIn(checkpoints.last, about);
  const { results, begun } = kept;
  const told = new Map(kept.told);
  let { steps, reports } = kept;
  let closed = false;
  let offered: Promise<void> | null = null;
  const offer = async (running: () => Entries): Promise<void> => {
    const now = clock.aborted();
    // One at a time: whoever comes meanwhile goes on, but for the last.
    if (now) await offered;
    if (closed || offered !== null) return;
    const elapsed = clock.elapsed();
    closed = now;
    const state = (): SavedState => {
      const facts = { about, steps, reports, elapsed, told: Object.fromEntries(told) };
      return whole(facts, [...results], [...begun, ...running()]);
    };
    offered = checkpoints.offer(state, { steps, reports, elapsed, now }).finally(() => {
      offered = null;
    });
    await offered;
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
    told: (member) => kept.told.get(member) ?? 0,
    report: (member, more) => {
      steps += more;
      reports += 1;
      told.set(member, (told.get(member) ?? 0) + 1);
    },
    part: (member) => {
      const own = (entries: Iterable<Entry>): Entries => [...entries].filter(([name]) => isOf(member, name));
      const facts = { about: member, steps: 0, reports: 0, elapsed: 0, told: { [member]: told.get(member) ?? 0 } };
      return whole(facts, own(results), own(begun));
    },
    take: (state) => {
      if (closed) return;
      const member = readState(state).text("about");
      for (const training of begun.keys()) if (isOf(member, training)) begun.delete(training);
      for (const [training, own] of entriesOf(state, "running")) begun.set(training, own);
      for (const [training, result] of entriesOf(state, "ended")) results.set(training, result);
    },
  };
}

/** What a journal begins with. */
interface Kept {
  readonly results: Map<string, SavedState>;
  /** Under way elsewhere, or in the last state and not yet reached again. */
  readonly begun: Map<string, SavedState>;
  readonly steps: number;
  readonly reports: number;
  readonly told: ReadonlyMap<string, number>;
}

function keptIn(last: SavedState | null, about: string): Kept {
  if (last === null) return { results: new Map(), begun: new Map(), steps: 0, reports: 0, told: new Map() };
  expectSame(about, last);
  const state = readState(last);
  return {
    results: new Map(entriesOf(last, "ended")),
    begun: new Map(entriesOf(last, "running")),
    steps: state.number("steps"),
    reports: state.number("reports"),
    told: new Map(Object.entries(state.counts("told"))),
  };
}

type Entry = readonly [training: string, state: SavedState];
type Entries = readonly Entry[];

function isOf(member: string, training: string): boolean {
  return training.startsWith(`${member}/`);
}

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
