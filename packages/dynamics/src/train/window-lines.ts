/** The controls of windows as a rollout sees them. */
import { controlLines } from "../model/control-lines.ts";
import type { Windows } from "./window.ts";

/**
 * The lines over every interval of every window, [S, T - 1, pieces, 2, c].
 * @param delays [c] s; 0 where none is stated
 * @param pieces steps of the solver in an interval
 * @param lines `controlLines`, or its derivative by the delays
 */
export function windowLines(
  { count, length, t, h, origins, controls }: Windows,
  delays: readonly number[],
  pieces: number,
  lines: typeof controlLines = controlLines,
): Float64Array {
  const intervals = length - 1;
  const size = intervals * pieces * 2 * (controls[0]?.length ?? 0);
  const rows = new Float64Array(count * size);
  for (let window = 0; window < count; window++) {
    const [from, to] = [window * intervals, (window + 1) * intervals];
    const starts = t.subarray(from, to).map((start) => start + (origins[window] as number));
    const given = { controls: controls[window] ?? [], delays };
    rows.set(lines(given, { starts, lengths: h.subarray(from, to) }, pieces), window * size);
  }
  return rows;
}
