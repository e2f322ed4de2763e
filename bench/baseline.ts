/**
 * Builds the hand-written C of a workload.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import path from "node:path";
import { benchFolder } from "./folder.ts";

/** Flags of every baseline: exact arithmetic but for NaN and the sign of zero, which decide min and max. */
export const flags: readonly string[] = [
  "-O3",
  "-march=native",
  "-fno-math-errno",
  "-ffinite-math-only",
  "-fno-signed-zeros",
];

/** The first line of the C compiler's version, or null where there is none. GCC: the baselines use its extensions. */
export function compilerVersion(): string | null {
  const { status, stdout } = spawnSync(compiler(), ["--version"], { encoding: "utf8" });
  return status === 0 ? (stdout.split("\n")[0] ?? null) : null;
}

/** The path of the executable, or the reason why there is none. */
export function buildBaseline(id: string): { readonly path: string } | { readonly skip: string } {
  if (compilerVersion() === null) return { skip: `no C compiler (${compiler()}); set CC to one` };
  const output = path.join(benchFolder, "baselines/build", id);
  mkdirSync(path.dirname(output), { recursive: true });
  const source = path.join(benchFolder, "baselines", `${id}.c`);
  const { status, stderr } = spawnSync(compiler(), [...flags, "-o", output, source, "-lm"], { encoding: "utf8" });
  return status === 0 ? { path: output } : { skip: `${compiler()} cannot compile ${id}.c: ${stderr.trim()}` };
}

function compiler(): string {
  return process.env.CC ?? "gcc";
}
