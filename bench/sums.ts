/**
 * `npm run bench:sums -- [--largest 1e8] [--seed 1] [--json FILE]`: how the error of sums in float32 grows with their length.
 *
 * Sums of n numbers, uniform in [0, 1) (so that nothing cancels), of numbers that are all 0.1 (the worst for a running sum,
 * since every rounding goes the same way), and of the products of two such vectors; of a column of a matrix; on WebAssembly
 * and in machine code. The truth is a compensated sum in float64 of the same float32 numbers. Errors are relative to the
 * sum, in units of 2^-24, the largest error of one rounding. Beside them the plain running sum in float32.
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { native, nativeAvailable } from "@leastaction/native";
import {
  array,
  compile,
  contract,
  grad,
  type HostTensor,
  matmul,
  mul,
  sum,
  type Target,
  type Tensor,
  tanh,
  wasm,
} from "@leastaction/tensor";
import { describeMachine } from "./report/machine.ts";

const { values } = parseArgs({
  options: {
    largest: { type: "string", default: "1e8" },
    seed: { type: "string", default: "1" },
    json: { type: "string" },
  },
});
const seed = Number(values.seed);
const unit = 2 ** -24;

/** Uniform in [0, 1), 24 bits each. */
function uniform(count: number, stream: number): Float32Array {
  let state = (seed * 747796405 + stream * 2891336453) >>> 0;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 8) * unit;
  });
}

/** The sum in float64 with Neumaier's compensation. */
function truth(count: number, at: (i: number) => number): number {
  let [total, lost] = [0, 0];
  for (let i = 0; i < count; i++) {
    const x = at(i);
    const next = total + x;
    lost += Math.abs(total) >= Math.abs(x) ? total - next + x : x - next + total;
    total = next;
  }
  return total + lost;
}

function running(count: number, at: (i: number) => number): number {
  let total = 0;
  for (let i = 0; i < count; i++) total = Math.fround(total + Math.fround(at(i)));
  return total;
}

interface Row {
  readonly sum: string;
  readonly length: number;
  /** In units of 2^-24 of the sum. */
  readonly errors: Readonly<Record<string, number>>;
}

const targets: { wasm: Target; native?: Target } = { wasm: wasm() };
const { ok, reason } = nativeAvailable();
if (ok) targets.native = native();
else console.log(`SKIPPED native: ${reason}`);

const rows: Row[] = [];
function measure(
  name: string,
  f: (...x: Tensor[]) => Tensor,
  inputs: readonly HostTensor[],
  length: number,
  at: (i: number) => number,
): void {
  const exact = truth(length, at);
  const error = (found: number): number => Math.round((Math.abs(found - exact) / exact / unit) * 100) / 100;
  const errors: Record<string, number> & { running?: number } = {};
  for (const [target, made] of Object.entries(targets)) {
    const found = compile(f as never, inputs, made).callSync(...inputs) as unknown as HostTensor;
    errors[target] = error(found.data[0] as number);
  }
  errors.running = error(running(length, at));
  rows.push({ sum: name, length, errors });
  console.log(name.padEnd(22), length.toExponential(0), errors);
}

for (let length = 1000; length <= Number(values.largest); length *= 10) {
  const x = uniform(length, 0);
  const y = uniform(length, 1);
  const tenth = Math.fround(0.1);
  const constant = new Float32Array(length).fill(tenth);
  const [one, two] = [array(x), array(constant)];
  measure(
    "uniform",
    (v) => sum(v),
    [one],
    length,
    (i) => x[i] as number,
  );
  measure(
    "constant",
    (v) => sum(v),
    [two],
    length,
    () => tenth,
  );
  if (length > 1e7) continue;
  measure(
    "squares of a constant",
    (v) => sum(mul(v, v)),
    [two],
    length,
    () => tenth ** 2,
  );
  measure(
    "product, uniform",
    (v, w) => matmul(v, w),
    [one, array(y)],
    length,
    (i) => (x[i] as number) * (y[i] as number),
  );
  measure(
    "product, constant",
    (v, w) => matmul(v, w),
    [two, two],
    length,
    () => tenth ** 2,
  );
  const wide = array(new Float32Array(8 * length).fill(tenth), [length, 8]);
  measure(
    "all of [n/8, 8]",
    (m) => sum(m),
    [wide],
    8 * length,
    () => tenth,
  );
  measure(
    "columns of [n, 8]",
    (m) => sum(m, 0),
    [wide],
    length,
    () => tenth,
  );
  if (length > 1e6) continue;
  const [left, right] = [16, 24].map((width) => array(new Float32Array(width * length).fill(tenth), [length, width]));
  const across = { contract: [[0], [0]] } as const;
  measure(
    "matrices, [n, 16] and [n, 24]",
    (l, r) => contract(l, r, across),
    [left, right] as HostTensor[],
    length,
    () => tenth ** 2,
  );
  const weights = array(new Float32Array(16 * 24).fill(tenth), [16, 24]);
  const loss = (w: Tensor, m: Tensor): Tensor => sum(tanh(matmul(m, w)));
  const slope = tenth * (1 - Math.tanh(16 * tenth ** 2) ** 2);
  measure(
    "gradient of a layer",
    (w, m) => grad(loss)(w, m),
    [weights, left as HostTensor],
    length,
    () => slope,
  );
}
if (values.json !== undefined) {
  const report = {
    machine: describeMachine(),
    command: `npm run bench:sums -- --largest ${values.largest} --seed ${values.seed}`,
    rows,
  };
  writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`);
}
