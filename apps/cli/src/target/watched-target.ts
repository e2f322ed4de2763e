/**
 * A target that notes how long each program runs, so that the one that mattered can be shown kernel by kernel.
 *
 * Of all programs only the one that has run longest so far is kept.
 */
import { type Executable, showProfile, type Target } from "@leastaction/tensor";

/** A target under watch. */
export interface WatchedTarget {
  readonly target: Target;
  /** The program that ran longest, as a table: while a model trains that is its training step. */
  readonly report: () => string;
}

interface Course {
  readonly executable: Executable;
  runs: number;
  ms: number;
}

/** Watches a target of the processor. */
export function watchedTarget(target: Target): WatchedTarget {
  let longest: Course | null = null;
  const note = (course: Course, start: number): void => {
    course.runs += 1;
    course.ms += performance.now() - start;
    if (longest === null || course.ms > longest.ms) longest = course;
  };
  return {
    target: {
      ...target,
      prepare: (program, donate) => {
        const executable = target.prepare(program, donate);
        const course: Course = { executable, runs: 0, ms: 0 };
        return {
          ...executable,
          get bytes() {
            return executable.bytes;
          },
          run: () => {
            const start = performance.now();
            executable.run();
            note(course, start);
          },
          runAsync: async () => {
            const start = performance.now();
            await executable.runAsync();
            note(course, start);
          },
        };
      },
    },
    report: () => (longest === null ? "No program ran.\n" : reportOf(longest)),
  };
}

function reportOf({ executable, runs, ms }: Course): string {
  const head = `The program that ran longest: ${runs} runs, ${(ms / 1000).toPrecision(3)} s.`;
  return `${head}\n${showProfile(executable.profile())}\n`;
}
