/**
 * What every result of an experiment records: versions, machine, command.
 */
import { readFileSync } from "node:fs";
import { cpus } from "node:os";

/** The facts of a run. */
export interface Environment {
  readonly command: string;
  /** Of the workspace. */
  readonly version: string;
  readonly node: string;
  readonly processor: string;
  readonly date: string;
}

/**
 * The facts of this run, which was started at the root of the repository.
 * @param name of the experiment, as `npm run experiment -- NAME` takes it
 * @param args of the command; where it wrote (`--out FILE`) is left out, because it says nothing about the numbers
 */
export function environment(name: string, args: readonly string[] = process.argv.slice(2)): Environment {
  const told = args.filter((arg, i) => arg !== "--out" && args[i - 1] !== "--out");
  return {
    command: ["npm run experiment --", name, ...told].join(" "),
    version: (JSON.parse(readFileSync("package.json", "utf8")) as { version: string }).version,
    node: process.version,
    processor: cpus()[0]?.model ?? "unknown",
    date: new Date().toISOString().slice(0, 10),
  };
}
