/**
 * Threads of this process as the workers of a fit.
 *
 * All files are written by the thread of the fit itself; a thread gets the data once, in memory that all share, and jobs one
 * by one. Where a thread cannot be started that is said, and the fit goes on with those that there are.
 */
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { FitAnswers, FitBrief, FitNews, FitOrder, FitWorker, FitWorkers } from "@leastaction/dynamics";
import { CommandError } from "../command-error.ts";
import type { TargetRecord } from "../target/choose-target.ts";
import { errorOf } from "./carried-error.ts";
import type { FitThreadData, FitThreadOrder, FitThreadWord } from "./fit-thread.ts";
import { sharedCopy } from "./shared-copy.ts";

/** How threads are made. */
export interface FitThreadOptions extends Omit<FitThreadData, "brief"> {
  /** Jobs at once, the one in this thread among them; null: as many as there are processors, where it pays. */
  readonly asked: number | null;
  /** Told, in a line, what a thread has to say. */
  readonly say: (line: string) => void;
}

/** The threads of one fit. */
export interface FitThreads {
  readonly workers: FitWorkers;
  /** Where the programs of each thread have run so far. */
  readonly records: () => readonly TargetRecord[];
  /** Ends them all, whatever they do. */
  readonly end: () => void;
}

/** ms that a fit goes on alone before it takes more threads, unless so many were asked for: short ones are over by then. */
const patience = 1000;

/** Only what is built runs in a thread: from the sources, too, this is the file. */
const built = new URL("../../dist/fit-threads/fit-thread.js", import.meta.url);

/** The threads of a fit; none is started yet. */
export function fitInThreads({ asked, say, ...own }: FitThreadOptions): FitThreads {
  const wait = asked === null ? patience : 0;
  const threads: Worker[] = [];
  const timers: NodeJS.Timeout[] = [];
  const records = new Map<Worker, TargetRecord>();
  const said = new Set<string>();
  const sayOnce = (line: string): void => {
    if (!said.has(line)) say(line);
    said.add(line);
  };
  let shared: FitBrief | null = null;
  const start = async (brief: FitBrief): Promise<FitWorker> => {
    await new Promise((resolve) => {
      timers.push(setTimeout(resolve, wait));
    });
    shared ??= sharedCopy(brief);
    const workerData: FitThreadData = { ...own, brief: shared };
    // Packages are found as they are built, whatever this process was told.
    const thread = new Worker(built, { workerData, execArgv: [] });
    threads.push(thread);
    await ready(thread, sayOnce);
    return {
      run: (order, tell) => ask(thread, order, { tell, sayOnce, onRecord: (record) => records.set(thread, record) }),
      stop: () => post(thread, "stop"),
    };
  };
  return {
    workers: { count: asked ?? availableParallelism(), start },
    records: () => [...records.values()],
    end: () => {
      for (const timer of timers) clearTimeout(timer);
      for (const thread of threads) void thread.terminate();
    },
  };
}

/** Resolves when the thread is ready; never where it cannot be, which is said. */
function ready(thread: Worker, say: (line: string) => void): Promise<void> {
  return new Promise((resolve) => {
    const onError = ({ message }: Error): void => {
      say(`A thread could not be started (${message.split("\n")[0]}): the fit goes on without it.\n`);
    };
    thread.on("error", onError);
    thread.once("message", () => {
      thread.off("error", onError);
      // An error between two jobs has nobody to tell: the next one finds the thread gone.
      thread.on("error", () => {});
      resolve();
    });
  });
}

interface Listeners {
  readonly tell: (news: FitNews) => void;
  readonly sayOnce: (line: string) => void;
  readonly onRecord: (record: TargetRecord) => void;
}

/** The answer of a thread to an order. */
function ask(
  thread: Worker,
  order: FitOrder,
  { tell, sayOnce, onRecord }: Listeners,
): Promise<FitAnswers[keyof FitAnswers]> {
  return new Promise((resolve, reject) => {
    const end = (): void => {
      thread.off("message", onWord).off("error", onError).off("exit", onExit);
    };
    const fail = (error: Error): void => {
      end();
      reject(error);
    };
    const onWord = (word: FitThreadWord): void => {
      if (word.kind === "news") tell(word.news);
      else if (word.kind === "line") sayOnce(word.line);
      else if (word.kind === "error") fail(errorOf(word.error));
      else if (word.kind === "answer") {
        end();
        onRecord(word.record);
        resolve(word.answer);
      }
    };
    const onError = (error: NodeJS.ErrnoException): void => {
      fail(error.code === "ERR_WORKER_OUT_OF_MEMORY" ? outOfMemory(error) : error);
    };
    const onExit = (): void => fail(new Error("A thread of the fit ended before its answer."));
    thread.on("message", onWord).on("error", onError).on("exit", onExit);
    // One that is gone already tells nothing any more.
    if (thread.threadId === -1) onExit();
    else post(thread, { order });
  });
}

function post(thread: Worker, order: FitThreadOrder): void {
  thread.postMessage(order);
}

function outOfMemory({ message }: Error): CommandError {
  return new CommandError(
    `Cannot go on: expected memory for several members at once, got none (${message})`,
    "Train one at a time: --workers 1.",
    "out-of-memory",
  );
}
