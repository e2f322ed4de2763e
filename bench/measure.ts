/**
 * Measures one workload on every system: warm up, then rounds in turn (A B C A B C …), so that a slow spell of the
 * machine meets all alike.
 */
import { type Answer, type Contender, type Facts, type SystemFacts, startContender } from "./contender.ts";
import type { System } from "./systems.ts";

/** How long to measure. */
export interface Effort {
  readonly rounds: number;
  /** Wall time of one round of one system, at least, in ms. */
  readonly roundMs: number;
  /** A system whose round takes longer than this, in ms, is measured by one round. */
  readonly longestRoundMs: number;
  /** Systems that start at the same time. More than one saves time, and lengthens what each says of its first call. */
  readonly startsAtOnce: number;
}

/** What one system did: milliseconds per step in each round. */
export interface Measurement<F extends SystemFacts = Facts> {
  readonly system: string;
  readonly facts: F;
  readonly rounds: readonly number[];
  /** Loss of the step at which training is checked; NaN where nothing is trained. */
  readonly lastLoss: number;
}

interface Entrant<F extends SystemFacts> {
  readonly name: string;
  readonly contender: Contender<F>;
  readonly rounds: Answer[];
}

/** What is measured: see `Workload`. */
interface Measured {
  readonly id: string;
  readonly steps: number;
  /** The step whose loss is compared, where training is. */
  readonly checkedStep?: number;
}

/** The systems on one workload, of either kind. A system that cannot run is told to `skipped` and left out. */
export async function measure<F extends SystemFacts = Facts>(
  systems: readonly System[],
  workload: Measured,
  effort: Effort,
  skipped: (system: string, reason: string) => void,
): Promise<readonly Measurement<F>[]> {
  const entrants = await startAll<F>(systems, workload.id, effort.startsAtOnce, skipped);
  const repeats = new Map<Entrant<F>, number>();
  const losses = new Map<Entrant<F>, number | undefined>();
  for (const entrant of entrants) {
    const checked = workload.checkedStep ?? workload.steps;
    const check = await entrant.contender.round(checked, 1);
    losses.set(entrant, check.loss);
    // A short check runs cold and tells too much.
    const isTelling = check.ms * checked > effort.longestRoundMs / 4;
    if (isTelling && check.ms * workload.steps > effort.longestRoundMs) entrant.rounds.push(check);
    else repeats.set(entrant, await warmUp(entrant, workload.steps, effort.roundMs));
  }
  for (let round = 0; round < effort.rounds; round++) {
    for (const [{ contender, rounds }, count] of repeats) rounds.push(await contender.round(workload.steps, count));
  }
  for (const { contender } of entrants) contender.stop();
  return entrants.map((entrant) => ({
    system: entrant.name,
    facts: entrant.contender.facts,
    rounds: entrant.rounds.map(({ ms }) => ms),
    lastLoss: losses.get(entrant) ?? Number.NaN,
  }));
}

/** How many times a round runs its steps, after running them until they are warm. */
async function warmUp<F extends SystemFacts>(
  { contender }: Entrant<F>,
  steps: number,
  roundMs: number,
): Promise<number> {
  await contender.round(steps, 1);
  const ms = (await contender.round(steps, 1)).ms * steps;
  const count = Math.max(1, Math.ceil(roundMs / ms));
  await contender.round(steps, count);
  return count;
}

/** Starts the systems, some at a time; in the order of `systems`. */
async function startAll<F extends SystemFacts>(
  systems: readonly System[],
  id: string,
  atOnce: number,
  skipped: (system: string, reason: string) => void,
): Promise<readonly Entrant<F>[]> {
  const found: (Entrant<F> | undefined)[] = [];
  const waiting = systems.entries();
  const startNext = async (): Promise<void> => {
    for (const [place, system] of waiting) found[place] = await start<F>(system, id, skipped);
  };
  await Promise.all(Array.from({ length: atOnce }, startNext));
  return found.filter((entrant) => entrant !== undefined);
}

async function start<F extends SystemFacts>(
  { name, start: howOn }: System,
  id: string,
  skipped: (system: string, reason: string) => void,
): Promise<Entrant<F> | undefined> {
  const how = howOn(id);
  if ("skip" in how) {
    skipped(name, how.skip);
    return undefined;
  }
  try {
    return { name, contender: await startContender<F>(how.command, how.environment), rounds: [] };
  } catch (error) {
    skipped(name, error instanceof Error ? error.message : String(error));
    return undefined;
  }
}
