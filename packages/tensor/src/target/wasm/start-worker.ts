/**
 * Starting a worker where there is a way to: `node:worker_threads` of Node, found without importing it, or `Worker` of
 * browsers.
 */
import { workerSource } from "./worker-source.ts";

/** What is needed of a worker. */
export interface StartedWorker {
  terminate(): unknown;
}

interface NodeWorker extends StartedWorker {
  unref(): void;
  on(event: "error", listener: (error: unknown) => void): void;
  on(event: "exit", listener: (code: number) => void): void;
}

interface PageWorker extends StartedWorker {
  onerror: ((event: { readonly message?: string }) => void) | null;
  postMessage(data: unknown): void;
}

type NodeModules = {
  (name: "node:worker_threads"): { readonly Worker: new (source: string, options: object) => NodeWorker };
  (name: "node:os"): { availableParallelism(): number };
};

// What hosts may have; the language library of TypeScript knows none of it.
declare const process: { readonly getBuiltinModule?: NodeModules } | undefined;
declare const Worker: (new (url: string) => PageWorker) | undefined;
declare const Blob: new (parts: readonly string[], options: { readonly type: string }) => object;
declare const console: { warn(text: string): void };
declare const URL: { createObjectURL(blob: object): string; revokeObjectURL(url: string): void };
declare const navigator: { readonly hardwareConcurrency?: number } | undefined;

const node = typeof process === "undefined" ? undefined : process.getBuiltinModule;

/** Processors that the host tells of; 1 where it does not. */
export function processors(): number {
  if (node !== undefined) return node("node:os").availableParallelism();
  return typeof navigator === "undefined" ? 1 : (navigator.hardwareConcurrency ?? 1);
}

let isSaid = false;

/** Says once that the page lets no worker start. */
function warn(): void {
  if (!isSaid) {
    console.warn(
      "Cannot start a worker: expected a content security policy with worker-src blob:, got one that refuses it; " +
        "one thread does all work.",
    );
  }
  isSaid = true;
}

/**
 * A worker that does `begin(data)`; `onEnd` is told why it ended, should it. It does not keep a process of Node alive.
 * Undefined where the host has no workers, or lets none start.
 */
export function startWorker(data: object, onEnd: (reason: string) => void): StartedWorker | undefined {
  if (node !== undefined) return startInNode(node, data, onEnd);
  if (typeof Worker === "undefined") return undefined;
  const source = `${workerSource}onmessage = ({ data }) => begin(data);`;
  const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  try {
    const worker = new Worker(url);
    // What a policy keeps from starting ends without a message.
    worker.onerror = ({ message }) => (message === undefined ? warn() : onEnd(message));
    worker.postMessage(data);
    return worker;
  } catch {
    warn();
    return undefined;
  }
}

function startInNode(modules: NodeModules, data: object, onEnd: (reason: string) => void): StartedWorker {
  const source = `${workerSource}begin(require("node:worker_threads").workerData);`;
  const options = { eval: true, workerData: data, execArgv: [], env: {} };
  const worker = new (modules("node:worker_threads").Worker)(source, options);
  worker.on("error", (error) => onEnd(error instanceof Error ? error.message : String(error)));
  worker.on("exit", (code) => onEnd(`it ended with code ${code}`));
  worker.unref();
  return worker;
}
