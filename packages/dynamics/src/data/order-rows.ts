/**
 * The rows of one recording in the order of time.
 *
 * In: the times of a recording's rows as they stand in the file. Out: the rows whose times rise, in pieces, and the rows
 * that were left out, with the reason. A clock that starts again at its beginning starts a new piece: two recordings in
 * one table. A row that repeats the row before it in every cell is left out. Any other time that does not rise is a
 * trouble: a fit refuses it (`build-trajectories.ts`), a look at the data lists it.
 */

/** Why a row was left out. */
export type RowTrouble = "repeated-row" | "duplicate-time" | "backward-time";

/** Rows that rise in time, by index into the rows given. */
export interface OrderedRows {
  /** At least one; each rises strictly. */
  readonly pieces: readonly Int32Array[];
  readonly troubles: readonly { readonly at: number; readonly kind: RowTrouble }[];
}

/** A restart needs so many rows before it. */
const leastPiece = 5;

/**
 * @param times [n] in any unit, as they stand
 * @param isSame whether two rows agree in every cell
 */
export function orderRows(times: Float64Array, isSame: (a: number, b: number) => boolean): OrderedRows {
  const kept = new Int32Array(times.length);
  const starts = [0];
  const troubles: { at: number; kind: RowTrouble }[] = [];
  let [count, start] = [0, 0];
  for (let at = 0; at < times.length; at++) {
    const now = times[at] as number;
    const last = count === start ? -1 : (kept[count - 1] as number);
    const before = last === -1 ? Number.NEGATIVE_INFINITY : (times[last] as number);
    if (now > before) {
      if (isAhead(times, at, before)) troubles.push({ at: at + 1, kind: "backward-time" });
      else kept[count++] = at;
    } else if (count - start >= leastPiece && now <= (times[kept[start] as number] as number)) {
      start = count;
      starts.push(start);
      kept[count++] = at;
    } else if (now === before) troubles.push({ at, kind: isSame(at, last) ? "repeated-row" : "duplicate-time" });
    else if (troubles.at(-1)?.at !== at) troubles.push({ at, kind: "backward-time" });
  }
  return { pieces: starts.map((from, piece) => kept.subarray(from, starts[piece + 1] ?? count)), troubles };
}

/** One time far ahead of those after it: without it the times rise. */
function isAhead(times: Float64Array, at: number, before: number): boolean {
  const [now, next, afterNext] = [times[at] as number, times[at + 1], times[at + 2]];
  return next !== undefined && afterNext !== undefined && next < now && next > before && afterNext < now;
}
