/**
 * The packages as a stranger gets them: packed into tarballs, installed into an empty folder outside the repository.
 *
 * In: the built repository. Out: a folder with `node_modules`, in which nothing of the workspace can be found. The
 * dependencies of other authors come from npm's cache, filled by the `npm ci` that this checkout began with, or from the
 * registry.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import process from "node:process";

/** Folders of the packages that are published. */
export const published = ["packages/tensor", "packages/dynamics", "packages/native", "packages/formats", "apps/cli"];

/** A project that holds installed tarballs. */
export interface PackedProject {
  readonly folder: string;
  /** Runs a program in the folder. Errors: it fails; the message is what it printed. */
  readonly run: (program: string, args: readonly string[]) => string;
  readonly remove: () => void;
}

/** @param packages folders of those to install */
export function packedProject(packages: readonly string[] = published): PackedProject {
  const folder = mkdtempSync(path.join(tmpdir(), "leastaction-packed-"));
  mkdirSync(path.join(folder, "tarballs"));
  const tarballs = packages.map((name) => {
    const printed = run(name, "npm", ["pack", "--silent", "--pack-destination", path.join(folder, "tarballs")]);
    return `./tarballs/${printed.trim().split("\n").at(-1) ?? ""}`;
  });
  writeFileSync(path.join(folder, "package.json"), '{ "private": true, "type": "module" }\n');
  // Any script of a package would be a surprise: none is run.
  run(folder, "npm", ["install", "--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund", ...tarballs]);
  return {
    folder,
    run: (program, args) => run(folder, program, args),
    remove: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function run(cwd: string, program: string, args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd, encoding: "utf8", env: cleanEnvironment() });
  if (status !== 0) throw new Error(`Cannot run ${program} ${args.join(" ")}: status ${status}\n${stdout}${stderr}`);
  return stdout;
}

/** Without what npm tells its children: a nested npm would take the workspace's settings for its own. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^npm_(config|package|lifecycle)_(?!registry|cache)/i.test(name)),
  );
}
