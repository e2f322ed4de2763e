/** Many trainings in few words: those of a part together, with their seeds. */
import type { ExperimentResults, TrainingKey } from "./results.ts";

type Training = ExperimentResults["trainings"][number];

/** Seeds in runs: 0 to 2, 5. */
export function seedsText(seeds: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const seed of [...seeds].sort((a, b) => a - b)) {
    const last = runs.at(-1);
    if (last?.[1] === seed - 1) last[1] = seed;
    else runs.push([seed, seed]);
  }
  return runs
    .map(([first, last]) => (last - first < 2 ? [...new Set([first, last])].join(", ") : `${first} to ${last}`))
    .join(", ");
}

/** What is not trained yet. */
export function missingText(trainings: readonly TrainingKey[]): string {
  return grouped(trainings, ({ part }) => part)
    .map((own) => keysText(own))
    .join("; ");
}

/** A line for the trainings of a part that were made alike and on like machines. */
export function trainingLines(trainings: readonly Training[]): readonly string[] {
  const madeOf = ({ environment }: Training): string =>
    Object.entries(environment)
      .map(([key, value]) => `${key} ${value}`)
      .join(", ");
  const alike = (one: Training): string => [one.part, one.status, one.steps, madeOf(one)].join();
  return grouped(trainings, alike).map((own) => {
    const { status, steps } = own[0] as Training;
    const seconds = own.map((one) => one.seconds);
    const times = [...new Set([Math.min(...seconds), Math.max(...seconds)])].join(" to ");
    const each = own.length === 1 ? "" : " each";
    return `${keysText(own)}: ${status}, ${steps} steps in ${times} s${each} (${madeOf(own[0] as Training)})`;
  });
}

function grouped<T>(values: readonly T[], keyOf: (value: T) => string): readonly (readonly T[])[] {
  const groups = new Map<string, T[]>();
  for (const value of values) groups.set(keyOf(value), [...(groups.get(keyOf(value)) ?? []), value]);
  return [...groups.values()];
}

function keysText(trainings: readonly TrainingKey[]): string {
  const seeds = trainings.map(({ seed }) => seed);
  return `${trainings[0]?.part} with ${seeds.length === 1 ? "seed" : "seeds"} ${seedsText(seeds)}`;
}
