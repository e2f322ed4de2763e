/**
 * What `--quick` does without: peers that take long before they can be measured.
 */
import type { System } from "./systems.ts";

/** Peers by workload, with the seconds that importing, compiling and a first round took on one quiet core. */
const slowStarts: Readonly<Record<string, Readonly<Record<string, number>>>> = {};

/** The same systems, without those that start too slowly on a workload. */
export function withoutSlowStarts(systems: readonly System[]): readonly System[] {
  return systems.map((system) => ({
    ...system,
    start: (workload) => {
      const seconds = slowStarts[workload]?.[system.name];
      return seconds === undefined
        ? system.start(workload)
        : { skip: `left out of --quick: it takes ${seconds} s to start` };
    },
  }));
}
