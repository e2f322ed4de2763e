/**
 * The measured pendulum that the Hamiltonian networks paper calls "real": angle and angular velocity every 1/6 s for
 * 94.5 s, with ten gaps. M. Schmidt, H. Lipson, 2009, doi:10.1126/science.1165893, supplementary data, file
 * real_pend_h_1.txt. The data carry no licence, so they are not part of this repository: they are read from beside it.
 */
import { existsSync, readFileSync } from "node:fs";

/** Where the file is expected, from the root of the repository; LEASTACTION_REAL_PENDULUM names another place. */
export const recordingPath: string =
  process.env.LEASTACTION_REAL_PENDULUM ?? "../shared/data/schmidt-lipson-2009/real_pend_h_1.txt";

/** Rows in order: times in s, states (angle in rad, recorded angular velocity in rad/s). */
export interface Recording {
  readonly times: readonly number[];
  readonly states: readonly (readonly [number, number])[];
}

/** What to say when the file is not there, or null when it is. */
export function missingRecording(): string | null {
  if (existsSync(recordingPath)) return null;
  return (
    `Cannot read the real pendulum: expected a file at ${recordingPath}, got none\n` +
    "Take real_pend_h_1.txt from the supplementary data of Schmidt and Lipson, 2009 (doi:10.1126/science.1165893), " +
    "and set LEASTACTION_REAL_PENDULUM to where it lies."
  );
}

/** The whole recording: 556 rows. Errors: no file. */
export function readRecording(): Recording {
  const missing = missingRecording();
  if (missing !== null) throw new Error(missing);
  const rows = readFileSync(recordingPath, "utf8")
    .split(/\r?\n/)
    .filter((line) => line.trim() !== "" && !line.startsWith("%"))
    .map((line) => line.trim().split(/\s+/).map(Number) as [number, number, number, number]);
  return { times: rows.map(([, t]) => t), states: rows.map(([, , q, p]) => [q, p] as const) };
}

/** Rows `from` to below `to`. */
export function rowsOf({ times, states }: Recording, from: number, to?: number): Recording {
  return { times: times.slice(from, to), states: states.slice(from, to) };
}

/** Rows of the training part: 80 %, as in the paper; the rest, 112 rows over 18.5 s, is the test run. */
export const trainingRows = 444;

/** Finite differences over the true time gaps, at the left point of each gap (as published) or at its middle. */
export function differences(
  { times, states }: Recording,
  place: "left" | "midpoint",
): { readonly states: (readonly [number, number])[]; readonly derivatives: (readonly [number, number])[] } {
  const gaps = times.slice(1).map((t, i) => ({
    h: t - (times[i] as number),
    before: states[i] as readonly [number, number],
    after: states[i + 1] as readonly [number, number],
  }));
  return {
    states: gaps.map(({ before, after }) =>
      place === "left" ? before : [(before[0] + after[0]) / 2, (before[1] + after[1]) / 2],
    ),
    derivatives: gaps.map(({ h, before, after }) => [(after[0] - before[0]) / h, (after[1] - before[1]) / h]),
  };
}

/** Pieces of `intervals` gaps that follow one another and end with the recording; what is left at its start is dropped. */
export function windowsOf(recording: Recording, intervals: number): Recording[] {
  const gaps = recording.times.length - 1;
  const count = Math.floor(gaps / intervals);
  const first = gaps - count * intervals;
  return Array.from({ length: count }, (_, i) =>
    rowsOf(recording, first + i * intervals, first + (i + 1) * intervals + 1),
  );
}
