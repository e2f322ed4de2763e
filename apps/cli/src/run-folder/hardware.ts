/** The machine and the software of a run, for `run.json`: what explains a difference in time or in the last bit. */
import os from "node:os";
import process from "node:process";

export interface Hardware {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly system: string;
}

export function hardware(): Hardware {
  const cores = os.cpus();
  return {
    processor: cores[0]?.model.trim() ?? "unknown",
    cores: cores.length,
    memoryGiB: Math.round(os.totalmem() / 2 ** 30),
    system: `${os.type()} ${os.release()} ${os.arch()}`,
  };
}

/** Versions of what computed the numbers. */
export function software(version: string): Readonly<Record<string, string>> {
  return { leastaction: version, node: process.versions.node, v8: process.versions.v8 };
}
