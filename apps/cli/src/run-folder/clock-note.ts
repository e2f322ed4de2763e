/** Says that the machine's clock was set back while this process ran, which only the times in `run.json` can show. */
import { duration } from "../progress.ts";

/** ms; smaller steps are what keeps a clock right. */
const least = 60_000;

/** A line, or nothing. Elapsed times are taken on a clock that nobody sets: the two are compared. */
export function clockNote(): string {
  const setBack = performance.timeOrigin + performance.now() - Date.now();
  if (setBack < least) return "";
  const by = duration(setBack / 1000);
  return `The clock of this machine was set back by ${by} meanwhile: the times in run.json follow it, durations and intervals do not.\n`;
}
