/** The process and the machine: Node, processor, memory, terminal. */
import { readFileSync } from "node:fs";
import os from "node:os";
import process from "node:process";
import { getHeapStatistics } from "node:v8";
import type { Io } from "../io.ts";
import { bytesInWords } from "./bytes-in-words.ts";
import type { Finding } from "./finding.ts";

/** @param least `>=20.19`, as in package.json */
export function nodeFinding(version: string, least: string): Finding {
  const wanted = least.replace(/^>=/, "");
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [leastMajor = 0, leastMinor = 0] = wanted.split(".").map(Number);
  const isNew = major > leastMajor || (major === leastMajor && minor >= leastMinor);
  return {
    name: "Node",
    state: isNew ? "ok" : "missing",
    needed: true,
    found: isNew ? version : `${version}, which is too old`,
    purpose: `runs everything: ${wanted} or later`,
    remedy: isNew ? null : "Install a newer one from https://nodejs.org.",
    facts: { version, wanted },
  };
}

/** Names of instruction sets, as Linux lists them, that compiled code can use. */
const instructionSets: Readonly<Record<string, string>> = {
  avx2: "AVX2",
  fma: "FMA",
  avx512f: "AVX-512",
  asimd: "NEON",
  sve: "SVE",
};

export function processorFinding(list: string = readFlags()): Finding {
  const cores = os.cpus();
  const count = os.availableParallelism();
  const model = cores[0]?.model.trim() || os.machine();
  const words = new Set(list.split(/\s+/));
  const sets = Object.entries(instructionSets).flatMap(([flag, name]) => (words.has(flag) ? [name] : []));
  return {
    name: "processor",
    state: "ok",
    needed: false,
    found: [model, `${count} ${count === 1 ? "core" : "cores"}`, ...sets].join(", "),
    purpose: "WebAssembly uses vectors of 16 bytes, machine code the longest that there are; one core trains one model",
    remedy: null,
    facts: { model, cores: count, architecture: os.arch(), instructionSets: sets.join(" ") },
  };
}

/** What Linux says of the processor; nothing elsewhere. */
function readFlags(): string {
  try {
    const text = readFileSync("/proc/cpuinfo", "utf8");
    return /^(?:flags|Features)\s*:(.*)$/m.exec(text)?.[1] ?? "";
  } catch {
    return "";
  }
}

const leastMemory = 2 ** 28;
const goodMemory = 2 ** 30;

/** @param available bytes that this process may still take */
export function memoryFinding(available: number = process.availableMemory(), total: number = totalMemory()): Finding {
  const state = available < leastMemory ? "missing" : available < goodMemory ? "poor" : "ok";
  const heap = getHeapStatistics().heap_size_limit;
  return {
    name: "memory",
    state,
    needed: true,
    found: `${bytesInWords(available)} free of ${bytesInWords(total)}`,
    purpose: `holds the measurements and the programs: ${bytesInWords(leastMemory)} at least, ${bytesInWords(goodMemory)} for tables of a million rows`,
    remedy: state === "ok" ? null : "End other programs, or fit fewer rows: --mean 10 keeps the mean of every ten.",
    facts: { available, total, heap },
  };
}

/** Of the machine, or what this process is allowed of it. */
function totalMemory(): number {
  const allowed = process.constrainedMemory();
  return allowed > 0 && allowed < os.totalmem() ? allowed : os.totalmem();
}

export function terminalFinding({ isTerminal, width }: Pick<Io, "isTerminal" | "width">): Finding {
  return {
    name: "terminal",
    state: "ok",
    needed: false,
    found: isTerminal ? `${width} columns` : "none (a pipe or a file)",
    purpose: isTerminal ? "shows progress in one line" : "progress is written in plain lines",
    remedy: null,
    facts: { isTerminal, width },
  };
}
