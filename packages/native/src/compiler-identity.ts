/**
 * What the answer of a compiler about itself hangs on, so that it need not be asked in every process (30 to 80 ms).
 *
 * The file of the command, the processor that it would make code for, and the variables that change where it looks. On
 * systems that do not say what the processor can do in a file, nothing is known, and the compiler is asked.
 */
import { closeSync, openSync, readSync, realpathSync, statSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import type { CodeKey } from "@leastaction/tensor";

const variables = ["PATH", "GCC_EXEC_PREFIX", "COMPILER_PATH", "CPATH", "C_INCLUDE_PATH", "CCC_OVERRIDE_OPTIONS"];

/** Lines about a processor that change from moment to moment, or from core to core. */
const passing = /^(processor|cpu MHz|bogomips|BogoMIPS|apicid|initial apicid|core id|physical id)\b/;

/** What names the answer of a command, or undefined where that cannot be told. */
export function identityOf(command: readonly string[]): CodeKey | undefined {
  const file = fileOf(command[0] ?? "");
  const processor = describeProcessor();
  if (file === undefined || processor === undefined) return undefined;
  const { size, mtimeMs } = statSync(file);
  const environment = variables.map((name) => `${name}=${process.env[name] ?? ""}`);
  return ["compiler", ...command, file, `${size} ${mtimeMs}`, processor, ...environment];
}

/** The file that a command starts, links followed. */
function fileOf(command: string): string | undefined {
  const folders = command.includes(path.sep) ? [""] : (process.env.PATH ?? "").split(path.delimiter);
  for (const folder of folders) {
    try {
      const file = realpathSync(path.join(folder, command));
      if (statSync(file).isFile()) return file;
    } catch {
      // Not there.
    }
  }
  return undefined;
}

/** The first processor, as Linux describes it; the rest of the file is long where there are many. */
function describeProcessor(): string | undefined {
  try {
    const file = openSync("/proc/cpuinfo", "r");
    try {
      const bytes = Buffer.alloc(2 ** 14);
      const text = bytes.toString("utf8", 0, readSync(file, bytes));
      const [first = ""] = text.split("\n\n");
      return first
        .split("\n")
        .filter((line) => !passing.test(line))
        .join("\n");
    } finally {
      closeSync(file);
    }
  } catch {
    return undefined;
  }
}
