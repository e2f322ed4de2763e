/** What later releases will use, and whether it is here: looked for by name, never run. */
import { access, constants } from "node:fs/promises";
import path from "node:path";
import process from "node:process";
import type { Finding } from "./finding.ts";

interface Later {
  readonly name: string;
  /** Commands, any of which tells that it is there. */
  readonly commands: readonly string[];
  readonly purpose: string;
  readonly remedy: string;
}

const list: readonly Later[] = [
  {
    name: "GPU",
    commands: ["nvidia-smi", "rocm-smi", "vulkaninfo"],
    purpose: "for many models at once, through WebGPU",
    remedy: "A graphics card with its driver.",
  },
  {
    name: "MPI",
    commands: ["mpirun", "mpiexec"],
    purpose: "for one training on several machines",
    remedy: "Open MPI: apt install openmpi-bin.",
  },
  {
    name: "Redis",
    commands: ["redis-server", "valkey-server"],
    purpose: "for sweeps that several machines work off",
    remedy: "Redis: apt install redis.",
  },
  {
    name: "Slurm",
    commands: ["sbatch"],
    purpose: "for sweeps on a cluster",
    remedy: "Slurm is what a cluster has: call from its login node.",
  },
];

/** @param searchPath folders of commands, as in PATH */
export function laterFindings(searchPath: string = process.env.PATH ?? ""): Promise<readonly Finding[]> {
  return Promise.all(
    list.map(async ({ name, commands, purpose, remedy }): Promise<Finding> => {
      const places = (await Promise.all(commands.map((command) => placeOf(command, searchPath)))).filter(
        (place) => place !== null,
      );
      const [place = null] = places;
      return {
        name,
        state: "later",
        needed: false,
        found: place ?? "not found",
        purpose,
        remedy: place === null ? remedy : null,
        facts: { place },
      };
    }),
  );
}

/** Where a command is, or null. */
async function placeOf(command: string, searchPath: string): Promise<string | null> {
  const names = process.platform === "win32" ? [`${command}.exe`, `${command}.cmd`] : [command];
  const files = searchPath
    .split(path.delimiter)
    .filter((folder) => folder !== "")
    .flatMap((folder) => names.map((name) => path.join(folder, name)));
  for (const file of files) {
    const isThere = await access(file, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isThere) return file;
  }
  return null;
}
