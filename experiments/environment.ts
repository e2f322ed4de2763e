/**
 * What every result of an experiment records: versions, machine, command.
 */
import { cpus } from "node:os";

/** The facts of a run. */
export interface Environment {
  readonly command: string;
  readonly node: string;
  readonly processor: string;
  readonly date: string;
}

/**
 * The facts of this run.
 * @param name of the experiment, as `npm run experiment -- NAME` takes it
 * @param args of the command; where it wrote (`--out FILE`) is left out, because it says nothing about the numbers
 */
export function environment(name: string, args: readonly string[] = process.argv.slice(2)): Environment {
  const told = args.filter((arg, i) => arg !== "--out" && args[i - 1] !== "--out");
  return {
    command: ["npm run experiment --", name, ...told].join(" "),
    node: process.version,
    processor: cpus()[0]?.model ?? "unknown",
    date: new Date().toISOString().slice(0, 10),
  };
}
