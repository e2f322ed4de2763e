/**
 * The systems that are measured, and how each is started for a workload: a command, or the reason why it is skipped.
 */
import { existsSync } from "node:fs";
import path from "node:path";
import { nativeAvailable } from "@leastaction/native";
import { buildBaseline } from "./baseline.ts";
import type { Command, Environment } from "./contender.ts";
import { benchFolder } from "./folder.ts";
import { targets } from "./targets.ts";

/** How to start a system, or why not. */
export type Start = { readonly command: Command; readonly environment?: Environment } | { readonly skip: string };

/** A way to run a workload. */
export interface System {
  readonly name: string;
  readonly threads: number;
  readonly start: (workload: string) => Start;
}

/** Peers that use one thread whatever they are given. */
const single: readonly string[] = ["scipy"];

/** Every system that trains, peers once for each number of threads: C first, since ratios are to it. */
export function systemsWith(threads: readonly number[]): readonly System[] {
  return systemsBeside(["torch", "torch-plain", "jax"], threads);
}

/** Every system that solves, likewise. */
export function solveSystemsWith(threads: readonly number[]): readonly System[] {
  return systemsBeside(["diffrax", "torchdiffeq", "scipy"], threads);
}

/** C by hand, these peers, and our own targets. */
export function systemsBeside(peers: readonly string[], threads: readonly number[]): readonly System[] {
  return [
    { name: "c", threads: 1, start: startBaseline },
    ...peers.flatMap((name) =>
      (single.includes(name) ? [1] : threads).map((count) => ({
        name,
        threads: count,
        start: (id: string) => startPeer(id, name, count),
      })),
    ),
    ...Object.keys(targets).map((name) => ({ name, threads: 1, start: (id: string) => startOwn(id, name) })),
  ];
}

function startBaseline(id: string): Start {
  const built = buildBaseline(id);
  return "skip" in built ? built : { command: [built.path] };
}

function startPeer(id: string, name: string, threads: number): Start {
  const python = path.join(benchFolder, "peers/.venv/bin/python");
  const script = path.join(benchFolder, "peers", `${id}.${name}.py`);
  if (!existsSync(python)) return { skip: "no Python environment; run bench/peers/setup.sh" };
  if (!existsSync(script)) return { skip: `no ${path.basename(script)}` };
  return { command: [python, script], environment: { BENCH_THREADS: String(threads) } };
}

function startOwn(id: string, target: string): Start {
  const { ok, reason } = target.startsWith("native") ? nativeAvailable() : { ok: true, reason: "" };
  if (!ok) return { skip: reason };
  const script = path.join(benchFolder, "dist/serve.js");
  return existsSync(script)
    ? { command: [process.execPath, script, id, target] }
    : { skip: "not built; run npm run build" };
}
