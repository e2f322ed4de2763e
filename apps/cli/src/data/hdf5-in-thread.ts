/**
 * HDF5 files (and MATLAB 7.3) read in a thread of their own: a damaged one can make the library never end, ask for 2 GB,
 * or break its machine code. What goes beyond a limit of time or memory is refused with a message, and its thread is ended.
 *
 * A thread reads one file after another. After a file that broke the library, went beyond a limit or made its memory
 * large, the next file gets a fresh one, so that no file suffers for another.
 */
import { Worker } from "node:worker_threads";
import { DataError, type DataErrorCode } from "@leastaction/dynamics";
import type { FileArrays, Hdf5Reader } from "@leastaction/formats";
import type { Hdf5Answer, Hdf5Question, Hdf5ThreadLimits } from "./hdf5-thread.ts";

/** How long a file may take: seconds for so many bytes. */
export type Hdf5Seconds = (length: number) => number;

/** Twenty seconds, and one for every ten megabytes. */
const usualSeconds: Hdf5Seconds = (length) => 20 + length / 10e6;

/** Bytes for the library: twice what a file may unpack to, a data set and the piece in which it is stored. */
const memoryFor = (length: number): number => 2 * Math.max(256e6, 10 * length);

/** Only what is built runs in a thread: from the sources, too, this is the file. */
const built = new URL("../../dist/data/hdf5-thread.js", import.meta.url);

interface Thread {
  readonly worker: Worker;
  /** Bytes that its library may have. */
  readonly memory: number;
}

/**
 * A reader of HDF5 files in a thread, one file at a time. The thread ends with the process, and does not keep it.
 * @param secondsFor how long a file may take, of the clock and of the processor; default 20 s and 1 s for every 10 MB
 */
export function hdf5InThread(secondsFor: Hdf5Seconds = usualSeconds): Hdf5Reader {
  let idle: Thread | null = null;
  let last: Promise<unknown> = Promise.resolve();
  const read = async (bytes: Uint8Array, file: string): Promise<FileArrays> => {
    const memory = memoryFor(bytes.length);
    const thread = idle !== null && idle.memory >= memory ? idle : startThread(memory);
    if (thread !== idle) void idle?.worker.terminate();
    idle = null;
    const seconds = secondsFor(bytes.length);
    const answer = await ask(thread.worker, { bytes: bytes.slice(), file }, seconds);
    if ("isSpent" in answer && !answer.isSpent) idle = thread;
    else void thread.worker.terminate();
    if (answer.outcome === "read") return answer.arrays;
    throw errorOf(answer, file, { seconds, memory });
  };
  return (bytes, file) => {
    const result = last.then(() => read(bytes, file));
    last = result.catch(() => {});
    return result;
  };
}

function startThread(memory: number): Thread {
  const workerData: Hdf5ThreadLimits = { memory };
  const resourceLimits = { maxOldGenerationSizeMb: (2 * memory) / 2 ** 20 };
  const worker = new Worker(built, {
    workerData,
    resourceLimits,
    // Packages are found as they are built, whatever this process was told.
    execArgv: [],
    // What the library tells the terminal is kept from it.
    stdout: true,
    stderr: true,
  });
  // An error after its last answer has nobody to tell.
  worker.on("error", () => {});
  return { worker, memory };
}

type Answer = Hdf5Answer | { readonly outcome: "time" };
type Failure = Exclude<Answer, { readonly outcome: "read" }>;

async function ask(worker: Worker, question: Hdf5Question, seconds: number): Promise<Answer> {
  const clock = startClock();
  return new Promise((resolve) => {
    let isOpen = true;
    const end = (answer: Answer): void => {
      if (!isOpen) return;
      isOpen = false;
      clearInterval(watch);
      worker.off("message", end).off("error", onError).off("exit", onExit);
      worker.unref();
      resolve(answer);
    };
    const onError = (error: NodeJS.ErrnoException): void => {
      const isMemory = error.code === "ERR_WORKER_OUT_OF_MEMORY";
      end(isMemory ? { outcome: "memory" } : { outcome: "fault", found: error.message });
    };
    const onExit = (): void => end({ outcome: "fault", found: "an end of the thread that reads it" });
    const watch = setInterval(() => {
      // An answer that came while this thread was busy with something else is taken first.
      if (clock() > seconds) setImmediate(() => end({ outcome: "time" }));
    }, 50);
    worker.on("message", end).on("error", onError).on("exit", onExit);
    worker.ref();
    worker.postMessage(question, [question.bytes.buffer as ArrayBuffer]);
  });
}

/**
 * Seconds since the start: those of the processor where the clock has gone on longer, because others kept it busy, yet at
 * least a tenth of those of the clock.
 */
function startClock(): () => number {
  const [started, before] = [performance.now(), process.cpuUsage()];
  return () => {
    const { user, system } = process.cpuUsage(before);
    const seconds = (performance.now() - started) / 1000;
    return Math.min(seconds, Math.max((user + system) / 1e6, seconds / 10));
  };
}

function errorOf(failure: Failure, file: string, { seconds, memory }: { seconds: number; memory: number }): DataError {
  switch (failure.outcome) {
    case "refused":
      // Made anew, because a class does not come through from another thread.
      return Reflect.construct(DataError, [failure.facts]) as DataError;
    case "time":
      return refused("truncated", file, `an HDF5 file that is read within ${Math.ceil(seconds)} s`, "no end of it");
    case "memory": {
      const megabytes = Math.round(memory / 1e6);
      return refused(
        "too-large",
        file,
        `an HDF5 file that is read in ${megabytes} MB of memory`,
        "one that takes more",
      );
    }
    case "fault":
      return refused("truncated", file, "an HDF5 file that its library can read", failure.found);
  }
}

function refused(code: DataErrorCode, file: string, expected: string, found: string): DataError {
  return new DataError({
    code,
    file,
    expected,
    found,
    remedy: "The file is likely damaged: copy it again, or save it again where it was made.",
  });
}
