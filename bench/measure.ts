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
}

/** What one system did: milliseconds per step in each round. */
export interface Measurement<F extends SystemFacts = Facts> {
  readonly system: string;
  readonly facts: F;
  readonly rounds: readonly number[];
  /** Loss of the step at which training is checked; NaN where nothing is trained. */
  readonly lastLoss: number;
}

/** A system whose round takes longer than this is measured by one round. */
const longestRoundMs = 20_000;

interface Entrant<F extends SystemFacts> {
  readonly name: string;
  readonly contender: Contender<F>;
  readonly rounds: Answer[];
}

/** The systems on one workload, of either kind. A system that cannot run is told to `skipped` and left out. */
export async function measure<F extends SystemFacts = Facts>(
  systems: readonly System[],
  workload: { readonly id: string; readonly steps: number; readonly checkedStep?: number },
  { rounds, roundMs }: Effort,
  skipped: (system: string, reason: string) => void,
): Promise<readonly Measurement<F>[]> {
  const entrants = await startAll<F>(systems, workload.id, skipped);
  const repeats = new Map<string, number>();
  const losses = new Map<string, number | undefined>();
  for (const { name, contender, rounds: times } of entrants) {
    losses.set(name, (await contender.round(workload.checkedStep ?? workload.steps, 1)).loss);
    const first = await contender.round(workload.steps, 1);
    if (first.ms * workload.steps > longestRoundMs) {
      times.push(first);
      continue;
    }
    const ms = (await contender.round(workload.steps, 1)).ms * workload.steps;
    repeats.set(name, Math.max(1, Math.ceil(roundMs / ms)));
    await contender.round(workload.steps, repeats.get(name) ?? 1);
  }
  for (let round = 0; round < rounds; round++) {
    for (const { name, contender, rounds: times } of entrants) {
      const count = repeats.get(name);
      if (count !== undefined) times.push(await contender.round(workload.steps, count));
    }
  }
  for (const { contender } of entrants) contender.stop();
  return entrants.map(({ name, contender, rounds: times }) => ({
    system: name,
    facts: contender.facts,
    rounds: times.map(({ ms }) => ms),
    lastLoss: losses.get(name) ?? Number.NaN,
  }));
}

async function startAll<F extends SystemFacts>(
  systems: readonly System[],
  id: string,
  skipped: (system: string, reason: string) => void,
): Promise<readonly Entrant<F>[]> {
  const entrants: Entrant<F>[] = [];
  for (const { name, start } of systems) {
    const how = start(id);
    if ("skip" in how) skipped(name, how.skip);
    else {
      try {
        entrants.push({ name, contender: await startContender(how.command), rounds: [] });
      } catch (error) {
        skipped(name, error instanceof Error ? error.message : String(error));
      }
    }
  }
  return entrants;
}
