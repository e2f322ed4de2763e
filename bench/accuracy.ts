/**
 * `npm run bench:accuracy -- [--count 1000000] [--seed 8] [--function NAME] [--json FILE]`: how far functions are from the
 * truth, over the whole range of arguments.
 *
 * For each function and element type: the largest error in units of the last place on `count` arguments, on every target,
 * and the argument. The truth comes from MPFR (`accuracy/truth.py`; `accuracy/setup.sh` makes its environment), which is
 * held first to every row of the tables of 50 digits that mpmath made. The exit status is 1 where a bar is missed on a
 * target of full accuracy. Rows of other functions in FILE are kept.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { native, nativeAvailable } from "@leastaction/native";
import { compile, type HostTensor, type Target, type Tensor, wasm } from "@leastaction/tensor";
import { argumentsOf, type Float, type Floats } from "./accuracy/arguments.ts";
import { type Worst, worstOf } from "./accuracy/errors.ts";
import { functions, type Measured } from "./accuracy/functions.ts";
import { benchFolder } from "./folder.ts";
import { describeMachine } from "./report/machine.ts";

interface Row extends Worst {
  readonly function: string;
  readonly dtype: Float;
  readonly target: string;
  readonly bar: number | null;
  readonly absolute: number | null;
}

const { values } = parseArgs({
  options: {
    count: { type: "string", default: "1000000" },
    seed: { type: "string", default: "8" },
    function: { type: "string", multiple: true },
    json: { type: "string" },
  },
});
const [count, seed] = [Number(values.count), Number(values.seed)];
const { ok, reason } = nativeAvailable();
if (!ok) console.log(`SKIPPED native: ${reason}`);

/** Numbers below the normal range are numbers here, on every target. */
const targets: Readonly<Record<string, () => Target>> = {
  wasm: () => wasm(),
  ...(ok ? { native: () => native({ flushToZero: false }) } : {}),
  "wasm-fast": () => wasm({ accuracy: "fast" }),
  ...(ok ? { "native-fast": () => native({ flushToZero: false, contract: true, accuracy: "fast" }) } : {}),
};
const python = path.join(benchFolder, "accuracy/.venv/bin/python");
const truthScript = path.join(benchFolder, "accuracy/truth.py");
const table = path.join(benchFolder, "../packages/tensor/src/kernel/functions/reference/reference.json");

const folder = mkdtempSync(path.join(os.tmpdir(), "accuracy-"));
try {
  const checked = JSON.parse(ask(["check", table]).toString()) as Record<string, number>;
  const chosen = functions.filter(({ name }) => values.function === undefined || values.function.includes(name));
  const rows = chosen.flatMap((item) => (["float32", "float64"] as const).flatMap((dtype) => measure(item, dtype)));
  if (values.json !== undefined) keep(values.json, rows, checked);
  const missed = rows.filter(
    ({ bar, target, units, invalid }) => !target.endsWith("fast") && !(units <= (bar ?? Infinity) && invalid === 0),
  );
  for (const { function: name, dtype, target, units } of missed)
    console.log(`MISSED: ${name} ${dtype} ${target} ${units}`);
  process.exitCode = missed.length === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true });
}

/** What the script of the truth writes. */
function ask(parameters: readonly string[]): Buffer {
  const { status, stdout, stderr, error } = spawnSync(python, [truthScript, ...parameters], { maxBuffer: 1 << 28 });
  if (status !== 0)
    throw new Error(`The truth failed; run bench/accuracy/setup.sh first.\n${error?.message ?? stderr.toString()}\n`);
  return stdout;
}

function measure(item: Measured, dtype: Float): Row[] {
  const inputs = item.domains.map((domain, i) => argumentsOf(domain, dtype, count, seed + 1000 * i));
  const files = inputs.map((input, i) => {
    const file = path.join(folder, `${i}`);
    writeFileSync(file, Float64Array.from(input));
    return file;
  });
  const bytes = ask([item.truth, ...files]);
  const truth = new Float64Array(new Uint8Array(bytes).buffer);
  const floor = (item.absolute ?? 0) * (dtype === "float32" ? 2 ** -23 : 2 ** -52);
  return Object.entries(targets).map(([target, make]) => {
    const found = run(item, make(), inputs);
    const worst = worstOf(dtype, found, truth, inputs, floor);
    const places = worst.at.map((x) => x.toString()).join(", ");
    console.log(`${item.name} ${dtype} ${target}: ${worst.units.toFixed(3)} at ${places}; invalid ${worst.invalid}`);
    return { function: item.name, dtype, target, bar: item.bar ?? null, absolute: item.absolute ?? null, ...worst };
  });
}

function run(item: Measured, target: Target, inputs: readonly Floats[]): Floats {
  const dtype = inputs[0] instanceof Float32Array ? "float32" : "float64";
  const hosts: HostTensor[] = inputs.map((data) => ({ dtype, shape: [data.length], data }));
  const apply = (x: Tensor, y?: Tensor): Tensor => item.apply(x, y as Tensor);
  const compiled = compile(apply as never, hosts as never, target) as unknown as {
    callSync(...x: HostTensor[]): HostTensor;
  };
  return compiled.callSync(...hosts).data as Floats;
}

/** Rows of this run in place of those of the same function. */
function keep(file: string, rows: readonly Row[], checked: Record<string, number>): void {
  const before = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as { rows: Row[] }).rows : [];
  const others = before.filter((old) => !rows.some((row) => row.function === old.function));
  const order = functions.map(({ name }) => name);
  const all = [...others, ...rows].sort((a, b) => order.indexOf(a.function) - order.indexOf(b.function));
  const [{ load: _, ...machine }, date] = [describeMachine(), new Date().toISOString().slice(0, 10)];
  const command = `npm run bench:accuracy -- --count ${count} --seed ${seed} --json bench/results/accuracy.json`;
  writeFileSync(file, `${JSON.stringify({ date, machine, command, count, seed, checked, rows: all }, null, 2)}\n`);
}
