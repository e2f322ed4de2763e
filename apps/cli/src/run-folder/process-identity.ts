/**
 * Which process somebody is, so that another can tell later whether it still runs: a number alone is given again to
 * another process, after a restart of the machine or of itself. Where the system does not say when a process started
 * (only Linux does, under `/proc`), a number that runs again counts as the same process.
 */
import { readFile } from "node:fs/promises";
import os from "node:os";
import process from "node:process";

export interface ProcessIdentity {
  readonly pid: number;
  readonly host: string;
  /** Names this run of the machine; null where the system has no such name. */
  readonly boot: string | null;
  /** When the process started, in ticks since the machine did; null where the system does not say. */
  readonly started: string | null;
}

/** `elsewhere`: on another machine, whose processes cannot be seen from here. */
export type Liveness = "alive" | "gone" | "elsewhere";

/** This process. */
export async function ownIdentity(): Promise<ProcessIdentity> {
  const { pid } = process;
  return { pid, host: os.hostname(), boot: await bootName(), started: (await statusOf(pid))?.started ?? null };
}

export async function livenessOf({ pid, host, boot, started }: ProcessIdentity): Promise<Liveness> {
  if (host !== os.hostname()) return "elsewhere";
  const now = await bootName();
  if (boot !== null && now !== null && boot !== now) return "gone";
  if (!answers(pid)) return "gone";
  const found = await statusOf(pid);
  if (found === null) return "alive";
  const isOver = found.state === "Z" || found.state === "X";
  return isOver || (started !== null && started !== found.started) ? "gone" : "alive";
}

function answers(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // A process of another user may not be asked, but is there.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

async function bootName(): Promise<string | null> {
  return (await readFile("/proc/sys/kernel/random/boot_id", "utf8").catch(() => null))?.trim() ?? null;
}

/** Source: proc(5), `/proc/pid/stat`: field 3 is the state, field 22 the start; field 2, in brackets, may hold anything. */
async function statusOf(pid: number): Promise<{ readonly state: string; readonly started: string } | null> {
  const text = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => null);
  if (text === null) return null;
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return { state: fields[0] ?? "", started: fields[19] ?? "" };
}
