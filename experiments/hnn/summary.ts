/**
 * From rows of single trainings to the table of the experiment.
 */
import { geometricMean, type Interval, type Spread, spread } from "../statistics.ts";
import type { Row } from "./evaluation.ts";
import { tasks } from "./task.ts";

/** One kind of network over the seeds. */
export interface KindSummary {
  readonly loss: Spread;
  readonly publishedProtocol: Spread;
  readonly honestProtocol: Spread;
  /** The paper's number, by the published protocol. */
  readonly paper: number;
}

/** One task under one training. */
export interface TaskSummary {
  readonly task: Row["task"];
  readonly training: Row["training"];
  readonly seeds: readonly number[];
  readonly hamiltonian: KindSummary;
  readonly network: KindSummary;
  /** Plain network over Hamiltonian network, seed by seed, honest protocol. */
  readonly ratio: Interval;
}

/** The summary of every task and training that has at least two seeds of both kinds. */
export function summarise(rows: readonly Row[]): TaskSummary[] {
  const groups = new Map<string, Row[]>();
  for (const row of rows)
    groups.set(`${row.task} ${row.training}`, [...(groups.get(`${row.task} ${row.training}`) ?? []), row]);
  return [...groups.values()].flatMap(summariseTask);
}

function summariseTask(rows: readonly Row[]): TaskSummary[] {
  const [{ task, training }] = rows as [Row];
  const ofKind = (kind: Row["kind"]): Row[] => rows.filter((row) => row.kind === kind).sort((a, b) => a.seed - b.seed);
  const network = ofKind("network");
  const pairs = ofKind("hamiltonian").flatMap((own) => {
    const other = network.find(({ seed }) => seed === own.seed);
    return other === undefined ? [] : [{ seed: own.seed, ratio: other.honest / own.honest }];
  });
  if (pairs.length < 2) return [];
  const seeds = pairs.map(({ seed }) => seed);
  const kind = (name: Row["kind"]): KindSummary => {
    const paired = ofKind(name).filter(({ seed }) => seeds.includes(seed));
    const over = (number: (row: Row) => number): Spread => spread(paired.map(number));
    return {
      loss: over(({ loss }) => loss),
      publishedProtocol: over(({ published }) => published),
      honestProtocol: over(({ honest }) => honest),
      paper: tasks.find(({ name: known }) => known === task)?.published[name] as number,
    };
  };
  const ratio = geometricMean(pairs.map((pair) => pair.ratio));
  return [{ task, training, seeds, hamiltonian: kind("hamiltonian"), network: kind("network"), ratio }];
}
