/**
 * What a rollout sees of the controls: a straight line for each step of the solver, held and delayed as the data says.
 *
 * An interval of the data is cut into equal pieces, one for each step; the line over a piece has the mean and the first
 * moment of the control there (`data/measured-control.ts`). Rows are [pieces, 2, c]: the value in the middle of the
 * piece and the rate per second, for each control.
 */
import { lineByDelay, lineOver, type MeasuredControl } from "../data/measured-control.ts";

/** The controls of one recording, and how late each acts, s. */
export interface DelayedControls {
  readonly controls: readonly MeasuredControl[];
  readonly delays: readonly number[];
}

/** Intervals of the data on the recording's clock: starts and lengths, s. */
export interface DataIntervals {
  readonly starts: ArrayLike<number>;
  readonly lengths: ArrayLike<number>;
}

/** The lines over intervals, [n, pieces, 2, c]. */
export function controlLines(given: DelayedControls, intervals: DataIntervals, pieces: number): Float64Array {
  return linesBy(lineOver, given, intervals, pieces);
}

/** The derivative of each line by the delay of its own control, [n, pieces, 2, c]. */
export function controlLinesByDelay(given: DelayedControls, intervals: DataIntervals, pieces: number): Float64Array {
  return linesBy(lineByDelay, given, intervals, pieces);
}

function linesBy(
  line: typeof lineOver,
  { controls, delays }: DelayedControls,
  { starts, lengths }: DataIntervals,
  pieces: number,
): Float64Array {
  const width = controls.length;
  const rows = new Float64Array(starts.length * pieces * 2 * width);
  controls.forEach((control, i) => {
    const delay = delays[i] ?? 0;
    for (let row = 0; row < starts.length; row++) {
      const [start, length] = [(starts[row] as number) - delay, lengths[row] as number];
      for (let piece = 0; piece < pieces; piece++) {
        // The end of the last piece is the end of the interval, to the bit where there is no delay.
        const { middle, rate } = line(
          control,
          start + (length * piece) / pieces,
          start + (length * (piece + 1)) / pieces,
        );
        const at = (row * pieces + piece) * 2 * width + i;
        rows[at] = middle;
        rows[at + width] = rate;
      }
    }
  });
  return rows;
}
