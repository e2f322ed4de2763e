/**
 * Kills at random moments, counted until there are enough, and whether every run came to the same as one that never
 * stopped.
 */

import path from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { HostRandom } from "@leastaction/dynamics";
import {
  faultsOf,
  type KillMoment,
  type Outcome,
  outcomeOf,
  type Question,
  runProgram,
  wordsFor,
} from "./killed-run.ts";

/** What came of the kills. */
export interface Tally {
  /** Processes that were killed, by where. */
  readonly kills: Readonly<Record<KillMoment["kind"], number>>;
  /** Runs that ended in spite of it, and those among them that came to the same, bit for bit. */
  readonly runs: number;
  readonly equal: number;
  /** What was wrong, in words. */
  readonly faults: readonly string[];
}

/** How long a process of a question runs, and what it writes: kills are drawn from it. */
export interface Size {
  readonly ms: number;
  readonly lines: number;
}

/** Runs are killed at most so often before they are let end. */
const mostKills = 8;
/** A process gets at most through this share of the run before it is killed. */
const share = 0.3;
/** Operations on files in the writing of a checkpoint. */
const operations = 12;

/**
 * @param name of the runs, in the folder of the question
 * @param whole what the run comes to that never stopped
 */
export async function killOften(
  question: Question,
  name: string,
  wanted: number,
  whole: Outcome,
  size: Size,
  random: HostRandom,
): Promise<Tally> {
  const kills = { metrics: 0, checkpoint: 0, time: 0 };
  const faults: string[] = [];
  let [runs, equal] = [0, 0];
  const total = (): number => kills.metrics + kills.checkpoint + kills.time;
  while (total() < wanted) {
    runs += 1;
    const run = `${name}-${runs}`;
    const place = path.join(question.folder, run);
    for (let count = 0; ; count++) {
      const kill = count < mostKills && total() < wanted ? drawn(random, size) : null;
      const { status, text } = await runProgram(question.folder, wordsFor(question, run), kill);
      if (/trying the one before|Cannot|fault/.test(text)) faults.push(`${run}: ${text}`);
      if (kill === null || status !== null) {
        if (status !== 0) faults.push(`${run}: status ${status}`);
        break;
      }
      kills[kill.kind] += 1;
      faults.push(...faultsOf(place).map((fault) => `${run}: ${fault}`));
    }
    if (isDeepStrictEqual(outcomeOf(place), whole)) equal += 1;
    else faults.push(`${run}: another outcome`);
  }
  return { kills, runs, equal, faults };
}

function drawn(random: HostRandom, { ms, lines }: Size): KillMoment {
  const upTo = (count: number): number => 1 + Math.floor(random.uniform() * Math.max(1, count));
  const kind = random.uniform();
  if (kind < 0.4) return { kind: "metrics", line: upTo(share * lines) };
  if (kind < 0.8) return { kind: "checkpoint", checkpoint: upTo(share * lines), operation: upTo(operations) - 1 };
  return { kind: "time", ms: upTo(ms) };
}
