/** Streams in memory, a folder of its own and a Ctrl-C that a test can press: what `main` is called with in tests. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Io, StopSignal } from "../io.ts";

export interface MemoryIo extends Io {
  /** Everything written so far. */
  text(stream: "out" | "error"): string;
  interrupt(signal?: StopSignal): void;
}

export function memoryIo(cwd: string, isTerminal = false): MemoryIo {
  const written = { out: "", error: "" };
  const handlers = new Set<(signal: StopSignal) => void>();
  const stream = (name: "out" | "error"): Io["out"] => ({
    write: (text) => {
      written[name] += text;
    },
  });
  return {
    out: stream("out"),
    error: stream("error"),
    isTerminal,
    width: 100,
    cwd,
    onInterrupt: (handler) => {
      handlers.add(handler);
      return () => handlers.delete(handler);
    },
    text: (name) => written[name],
    interrupt: (signal = "SIGINT") => {
      for (const handler of handlers) handler(signal);
    },
  };
}

/** A new folder that holds `files`; the caller removes it. */
export function temporaryFolder(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(path.join(tmpdir(), "leastaction-cli-"));
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
  return folder;
}

/** The result of `use(folder)` where the folder holds `files`; it is removed afterwards. */
export async function inFolder<R>(
  files: Readonly<Record<string, string>>,
  use: (folder: string) => Promise<R>,
): Promise<R> {
  const folder = temporaryFolder(files);
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
