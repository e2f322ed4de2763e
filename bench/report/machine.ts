/**
 * The machine of a measurement: ratios carry over to another one, milliseconds do not.
 */
import os from "node:os";
import { compilerVersion } from "../baseline.ts";

/** What a reader needs to judge the numbers. */
export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly system: string;
  readonly node: string;
  readonly compiler: string | null;
  /** Load average of the last minute when measuring began: above about 0.3 the numbers are in doubt. */
  readonly load: number;
}

/** This machine, now. */
export function describeMachine(): Machine {
  const cpus = os.cpus();
  return {
    processor: cpus[0]?.model.trim() ?? "unknown",
    cores: cpus.length,
    memoryBytes: os.totalmem(),
    system: `${os.type()} ${os.release()} ${os.arch()}`,
    node: process.version,
    compiler: compilerVersion(),
    load: os.loadavg()[0] ?? 0,
  };
}
