/**
 * What takes the most memory, in words: for the message of a target that has not got as much.
 */
import { showType } from "../program/infer.ts";
import type { Variable } from "../program/program.ts";
import { tensorBytes } from "./element-bytes.ts";
import type { Schedule } from "./schedule.ts";

/** How many are named. */
const named = 3;

/** The largest inputs and stored results of a schedule and of the loops in it, the largest first. */
export function largestTensors(schedule: Schedule): readonly string[] {
  return tensorsIn(schedule)
    .sort((a, b) => b.bytes - a.bytes)
    .slice(0, named)
    .map(({ text, bytes }) => `${text} of ${bytesInWords(bytes)}`);
}

/** A number of bytes with a unit that suits it. */
export function bytesInWords(bytes: number): string {
  const [size, unit] = bytes >= 1e9 ? [1e9, "GB"] : bytes >= 1e6 ? [1e6, "MB"] : [1e3, "kB"];
  return `${(bytes / size).toPrecision(3)} ${unit}`;
}

function tensorsIn({ program, definitions, stored, steps }: Schedule): { text: string; bytes: number }[] {
  const describe = (variable: Variable): { text: string; bytes: number } => {
    const from = definitions.get(variable)?.primitive ?? "input";
    return { text: `${from} ${showType(variable.type)}`, bytes: tensorBytes(variable) };
  };
  const own = [...new Set([...program.inputs, ...stored])].map(describe);
  return [...own, ...steps.flatMap((step) => (step.kind === "alone" ? step.inner.flatMap(tensorsIn) : []))];
}
