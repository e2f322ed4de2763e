/**
 * Whether a number of threads is one.
 */
import { TensorError } from "../errors.ts";

/** Threads at most. */
const most = 256;

/** Errors: another number than an integer from 1 to 256. */
export function checkThreads(threads: number | undefined): void {
  if (threads === undefined || (Number.isInteger(threads) && threads >= 1 && threads <= most)) return;
  throw new TensorError(
    `Cannot make a target: expected threads to be an integer from 1 to ${most}, got ${threads}`,
    "Give the number of processors to use, or leave it out: then work is not divided.",
  );
}
