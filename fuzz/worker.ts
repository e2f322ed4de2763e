/** The thread that reads damaged files; `main.ts` watches it, because a reader that hangs cannot be stopped from inside. */
import { parentPort, workerData } from "node:worker_threads";
import { watchAllocations } from "./allocations.ts";
import { fuzzReader } from "./fuzz-reader.ts";
import { readers } from "./registry.ts";

/** What the thread is told. */
export interface WorkerTask {
  readonly reader: string;
  readonly seed: number;
  readonly from: number;
  readonly to: number;
  readonly except: readonly number[];
  /** [1] the index that is being read. */
  readonly progress: Int32Array<SharedArrayBuffer>;
}

const slice = 250;

const { reader: name, seed, from, to, except, progress } = workerData as WorkerTask;
// Watched while the modules load, so that the constructors they keep are the watched ones.
const watch = watchAllocations();
const reader = await (readers[name] as NonNullable<(typeof readers)[string]>)();
const onFile = (index: number): void => void Atomics.store(progress, 0, index);
for (let at = from; at < to; at += slice) {
  const end = Math.min(to, at + slice);
  parentPort?.postMessage(await fuzzReader(reader, { seed, from: at, to: end, except, onFile }, watch));
}
watch.end();
