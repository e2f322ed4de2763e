/**
 * A pause at a stated moment of what a process writes into a run folder, for another process to kill it there.
 *
 * `pausing` runs before the program, in its process, from its own text (`preloadOf`): it may name nothing outside itself.
 * It stands in for a few functions of `node:fs/promises`; the program knows nothing of it. A write is made by half before
 * the pause. The pause is told on file descriptor 3 and has no end.
 */

/** Where to pause. */
export type PauseMoment =
  /** While the n-th line of `metrics.jsonl` that this process adds is written. */
  | { readonly kind: "metrics"; readonly line: number }
  /** At an operation (from 0) of writing a checkpoint, the n-th of this process (from 1), or at the first one after it. */
  | { readonly kind: "checkpoint"; readonly checkpoint: number; readonly operation: number };

/** The flag of Node that makes a process pause. */
export function preloadOf(moment: PauseMoment): string {
  return `--import=data:text/javascript,${encodeURIComponent(`(${pausing.toString()})(${JSON.stringify(moment)})`)}`;
}

type Operation = (...given: unknown[]) => Promise<unknown>;

function pausing(moment: PauseMoment): void {
  const synchronous = process.getBuiltinModule("node:fs") as unknown as Record<string, (...given: unknown[]) => number>;
  const { openSync, writeSync } = synchronous as Record<"openSync" | "writeSync", (...given: unknown[]) => number>;
  const files = process.getBuiltinModule("node:fs/promises") as unknown as Record<string, Operation>;
  let [lines, checkpoint, operation] = [0, 0, -1];
  const pause = (): void => {
    writeSync(3, "paused\n");
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  };
  /** Whether to pause at an operation on a file; counts it. */
  const isNow = (name: string, file: string): boolean => {
    if (moment.kind !== "checkpoint" || !file.includes("checkpoints")) return false;
    if (name === "mkdir") [checkpoint, operation] = [checkpoint + 1, -1];
    operation += 1;
    return checkpoint > moment.checkpoint || (checkpoint === moment.checkpoint && operation >= moment.operation);
  };
  const metrics = new Set<unknown>();
  synchronous.openSync = (...given) => {
    const opened = openSync(...given);
    metrics[String(given[0]).endsWith("metrics.jsonl") ? "add" : "delete"](opened);
    return opened;
  };
  synchronous.writeSync = (...given) => {
    const [file, content, from, , at] = given as [number, Uint8Array, number, number, number];
    if (moment.kind === "metrics" && metrics.has(file)) {
      lines += content.filter((byte) => byte === 10).length;
      if (lines >= moment.line) {
        writeSync(file, content, from, (content.length - from) >> 1, at);
        pause();
      }
    }
    return writeSync(...given);
  };
  const watched = (handle: Record<string, Operation>, file: string): void => {
    const { write, writeFile, sync } = handle as Record<"write" | "writeFile" | "sync", Operation>;
    handle.writeFile = async (...given) => {
      const content = given[0] as Uint8Array;
      if (isNow("writeFile", file)) {
        await write.call(handle, content, 0, content.length >> 1, 0);
        pause();
      }
      return writeFile.apply(handle, given);
    };
    handle.sync = async (...given) => {
      if (isNow("sync", file)) pause();
      return sync.apply(handle, given);
    };
  };
  for (const name of ["mkdir", "open", "readFile", "rename", "readdir", "rm"]) {
    const original = files[name] as Operation;
    files[name] = async (...given) => {
      const file = String(given[0]);
      if (isNow(name, file)) pause();
      const result = await original(...given);
      if (name === "open") watched(result as Record<string, Operation>, file);
      return result;
    };
  }
  process.getBuiltinModule("node:module").syncBuiltinESMExports();
}
