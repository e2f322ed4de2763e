// Builds every workspace in the order of its dependencies with the TypeScript compiler alone: plain ES modules and
// declarations, no bundler. Stops at the first workspace that does not compile.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

const compiler = "node_modules/typescript-7/bin/tsc";
for (const workspace of ["packages/tensor", "packages/dynamics", "apps/cli", "bench", "experiments"]) {
  if (!existsSync(`${workspace}/tsconfig.json`)) continue;
  const { status } = spawnSync(process.execPath, [compiler, "-p", `${workspace}/tsconfig.json`], { stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}
