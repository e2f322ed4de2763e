/**
 * Damaged files given to a reader: each is read, or refused with a message. Anything else is a failure: another error,
 * more than two seconds of the processor's time, a piece of memory far larger than the file.
 */
import type { AllocationWatch } from "./allocations.ts";
import { mutations } from "./mutate.ts";

/** A reader of files, as the fuzzer sees it. */
export interface FuzzedReader {
  readonly name: string;
  /** Good files, small; every one must be read. */
  readonly seeds: readonly Uint8Array[];
  /** Damaged files in a way of its own; default: `mutations` of the good ones. */
  readonly mutations?: typeof mutations;
  /** Reads a file as far as a user's call would. */
  readonly read: (bytes: Uint8Array) => unknown;
  /** Whether an error is a message of this reader: of its own class and in the form of the house. */
  readonly allowed: (error: unknown) => boolean;
  /** Bytes that may be asked for at once for a file of so many bytes; default `tenfold`. */
  readonly allowance?: (length: number) => number;
}

/** Which of a reader's damaged files. */
export interface FuzzRange {
  readonly seed: number;
  /** From this index up to, and without, `to`. */
  readonly from: number;
  readonly to: number;
  /** Indices that are passed over. */
  readonly except?: readonly number[];
  /** Called before each file. */
  readonly onFile?: (index: number) => void;
}

/** What a damaged file did to a reader. */
export interface FuzzFailure {
  readonly index: number;
  /** `not a message: TypeError: …`, `2.4 s`, `800000000 bytes at once for a file of 1200`. */
  readonly what: string;
}

/** What came of a range. */
export interface FuzzResult {
  /** The index up to which, and without which, the range was read. */
  readonly reached: number;
  /** Files that were read. */
  readonly accepted: number;
  /** Files that were refused with a message. */
  readonly rejected: number;
  readonly slowest: { readonly index: number; readonly seconds: number };
  /** The largest piece of memory asked for, relative to the file it was asked for. */
  readonly largest: { readonly index: number; readonly bytes: number; readonly file: number };
  readonly failures: readonly FuzzFailure[];
}

/** Seconds of the processor's time. */
export const longestRead = 2;

/** Ten times the file, and a mebibyte for what every read needs, however short the file. */
export function tenfold(length: number): number {
  return 10 * length + 2 ** 20;
}

/** The message of the house, of an error of a class of the house: `Cannot …: expected …, got …` and a remedy. */
export function isHouseMessage(error: unknown, names: readonly string[]): boolean {
  if (!(error instanceof Error) || !names.includes(error.name)) return false;
  return /^Cannot [^\n]+: expected [^\n]+, got [^\n]+\n[^\n]{10,}$/.test(error.message);
}

/**
 * Reads a range of damaged files. Errors: a good file that is not read.
 * @param watch over this thread's allocations, begun before the reader was loaded
 */
export async function fuzzReader(reader: FuzzedReader, range: FuzzRange, watch: AllocationWatch): Promise<FuzzResult> {
  for (const file of reader.seeds) await reader.read(file.slice());
  const damaged = (reader.mutations ?? mutations)(reader.seeds, range.seed);
  const result = {
    reached: range.to,
    accepted: 0,
    rejected: 0,
    slowest: { index: range.from, seconds: 0 },
    largest: { index: range.from, bytes: 0, file: 1 },
    failures: [] as FuzzFailure[],
  };
  for (let index = range.from; index < range.to; index++) {
    if (range.except?.includes(index) === true) continue;
    range.onFile?.(index);
    const file = damaged(index);
    const read = await readOne(reader, file, watch);
    if (read.outcome === "accepted") result.accepted += 1;
    else if (read.outcome === "rejected") result.rejected += 1;
    for (const what of read.failures) result.failures.push({ index, what });
    if (read.seconds > result.slowest.seconds) result.slowest = { index, seconds: read.seconds };
    const relative = read.bytes / Math.max(1, file.length);
    if (relative > result.largest.bytes / result.largest.file) {
      result.largest = { index, bytes: read.bytes, file: Math.max(1, file.length) };
    }
  }
  return result;
}

interface OneRead {
  readonly outcome: "accepted" | "rejected" | "failed";
  readonly failures: readonly string[];
  readonly seconds: number;
  readonly bytes: number;
}

async function readOne(reader: FuzzedReader, file: Uint8Array, watch: AllocationWatch): Promise<OneRead> {
  const { length } = file;
  const failures: string[] = [];
  let outcome: OneRead["outcome"] = "accepted";
  const before = process.cpuUsage();
  watch.largest();
  try {
    await reader.read(file);
  } catch (error) {
    outcome = reader.allowed(error) ? "rejected" : "failed";
    if (outcome === "failed") failures.push(`not a message: ${error instanceof Error ? error.stack : String(error)}`);
  }
  const bytes = watch.largest();
  const { user, system } = process.cpuUsage(before);
  const seconds = (user + system) / 1e6;
  if (seconds > longestRead) failures.push(`${seconds.toFixed(1)} s`);
  if (bytes > (reader.allowance ?? tenfold)(length)) failures.push(`${bytes} bytes at once for a file of ${length}`);
  return { outcome, failures, seconds, bytes };
}
