/**
 * The systems that are measured, and how each is started for a workload: a command, or the reason why it is skipped.
 */
import { existsSync } from "node:fs";
import path from "node:path";
import { nativeAvailable } from "@leastaction/native";
import { buildBaseline } from "./baseline.ts";
import type { Command } from "./contender.ts";
import { benchFolder } from "./folder.ts";
import { targets } from "./targets.ts";

/** How to start a system, or why not. */
export type Start = { readonly command: Command } | { readonly skip: string };

/** A way to run a workload. */
export interface System {
  readonly name: string;
  readonly start: (workload: string) => Start;
}

/** Every system that trains: C first, since ratios are to it. */
export const systems: readonly System[] = systemsWith(["torch", "torch-plain", "jax"]);

/** Every system that solves. */
export const solveSystems: readonly System[] = systemsWith(["diffrax", "torchdiffeq", "scipy"]);

function systemsWith(peers: readonly string[]): readonly System[] {
  return [
    { name: "c", start: startBaseline },
    ...peers.map((name) => ({ name, start: (id: string) => startPeer(id, name) })),
    ...Object.keys(targets).map((name) => ({ name, start: (id: string) => startOwn(id, name) })),
  ];
}

function startBaseline(id: string): Start {
  const built = buildBaseline(id);
  return "skip" in built ? built : { command: [built.path] };
}

function startPeer(id: string, name: string): Start {
  const python = path.join(benchFolder, "peers/.venv/bin/python");
  const script = path.join(benchFolder, "peers", `${id}.${name}.py`);
  if (!existsSync(python)) return { skip: "no Python environment; run bench/peers/setup.sh" };
  return existsSync(script) ? { command: [python, script] } : { skip: `no ${path.basename(script)}` };
}

function startOwn(id: string, target: string): Start {
  const { ok, reason } = target.startsWith("native") ? nativeAvailable() : { ok: true, reason: "" };
  if (!ok) return { skip: reason };
  const script = path.join(benchFolder, "dist/serve.js");
  return existsSync(script)
    ? { command: [process.execPath, script, id, target] }
    : { skip: "not built; run npm run build" };
}
