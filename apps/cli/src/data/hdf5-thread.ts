/**
 * The thread that reads HDF5 files for `hdf5-in-thread.ts`. In: the bytes of a file and its name. Out: its arrays as
 * plain data, or the facts of the message that refuses it. The library's memory is held to a limit, whatever a damaged
 * file makes it ask for.
 */
import { parentPort, workerData } from "node:worker_threads";
import type { DataErrorFacts } from "@leastaction/dynamics";
import type { DataNode, FileArrays } from "@leastaction/formats";

/** What the thread is told at its start. */
export interface Hdf5ThreadLimits {
  /** Bytes of memory that the library may have. */
  readonly memory: number;
}

/** What the thread is asked to read. */
export interface Hdf5Question {
  readonly bytes: Uint8Array;
  readonly file: string;
}

/** What became of a file. */
export type Hdf5Answer =
  | ({ readonly outcome: "read"; readonly arrays: FileArrays } & Spent)
  | ({ readonly outcome: "refused"; readonly facts: DataErrorFacts } & Spent)
  /** The library asked for more memory than its limit. */
  | { readonly outcome: "memory" }
  | { readonly outcome: "fault"; readonly found: string };

interface Spent {
  /** Whether no other file is to be read here: the library is broken, or has taken much memory, which it keeps. */
  readonly isSpent: boolean;
}

/** Bytes. */
const muchMemory = 64e6;

const { memory: limit } = workerData as Hdf5ThreadLimits;
let memory = 0;
let isBeyond = false;

// Before the library is loaded, which grows its memory by this method alone.
const { grow } = WebAssembly.Memory.prototype;
WebAssembly.Memory.prototype.grow = function limited(this: WebAssembly.Memory, pages: number): number {
  const wanted = this.buffer.byteLength + 65_536 * pages;
  if (wanted > limit) {
    isBeyond = true;
    throw new RangeError(`at most ${limit} bytes`);
  }
  memory = wanted;
  // The library asks for more than it needs first.
  isBeyond = false;
  return grow.call(this, pages);
};

const { hdf5Arrays, isHdf5Broken } = await import("@leastaction/formats");

parentPort?.on("message", ({ bytes, file }: Hdf5Question) => void answerTo(bytes, file).then(send));

function send(answer: Hdf5Answer): void {
  parentPort?.postMessage(answer, answer.outcome === "read" ? [...buffersOf(answer.arrays.root)] : []);
}

async function answerTo(bytes: Uint8Array, file: string): Promise<Hdf5Answer> {
  isBeyond = false;
  try {
    const arrays = await hdf5Arrays(bytes, file);
    return { outcome: "read", arrays, isSpent: isSpent() };
  } catch (error) {
    if (isBeyond) return { outcome: "memory" };
    if (!(error instanceof Error) || error.name !== "DataError") return { outcome: "fault", found: String(error) };
    const { code, expected, found, remedy } = error as Error & DataErrorFacts;
    return { outcome: "refused", facts: { code, file, expected, found, remedy }, isSpent: isSpent() };
  }
}

function isSpent(): boolean {
  return isHdf5Broken() || memory > muchMemory;
}

/** The buffers of a tree, to be handed over instead of copied. */
function buffersOf(node: DataNode, found: Set<ArrayBuffer> = new Set()): ReadonlySet<ArrayBuffer> {
  if (node.kind === "group") for (const [, each] of node.entries) buffersOf(each, found);
  else if (node.kind === "list") for (const each of node.items) buffersOf(each, found);
  else if (node.kind === "array" && ArrayBuffer.isView(node.values)) found.add(node.values.buffer as ArrayBuffer);
  return found;
}
