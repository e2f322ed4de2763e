/**
 * A system under measurement: it runs all copies of a shape again and again and tells the processor time, which other
 * work on the machine disturbs less than the time on the wall.
 */

/** A shape made ready on one system. */
export interface Contestant {
  /** Runs all copies `times` times; milliseconds of processor time for each run. */
  round(times: number): Promise<number>;
  /** The sum of squares of the results of one run from zero. */
  check(): number;
  stop(): void;
}

/** Milliseconds of processor time for each of `times` calls. */
export function timed(times: number, run: () => void): number {
  const before = process.cpuUsage();
  for (let i = 0; i < times; i++) run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / times;
}

/** The sum of squares. */
export function squaresOf(data: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < data.length; i++) sum += (data[i] as number) ** 2;
  return sum;
}
