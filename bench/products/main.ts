/**
 * `npm run bench:products -- [--quick] [--shape TEXT] [--json FILE]`: matrix products of our targets beside OpenBLAS and
 * beside hand-written C compiled by clang to WebAssembly. One thread, GFLOP/s, medians of rounds in turn.
 *
 * The hand-written C is the faster of two block sizes. What cannot run here is skipped loudly. The exit status is 1 if
 * results differ.
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { native } from "@leastaction/native";
import { wasm } from "@leastaction/tensor";
import { describeMachine } from "../report/machine.ts";
import { startClangWasm } from "./clang-wasm.ts";
import type { Contestant } from "./contestant.ts";
import { startOpenBlas } from "./openblas.ts";
import { startOurs } from "./ours.ts";
import { type NamedShape, operationsOf, shapes } from "./shape.ts";

const { values } = parseArgs({
  options: { quick: { type: "boolean", default: false }, shape: { type: "string" }, json: { type: "string" } },
});
const [rounds, roundMs] = values.quick ? [5, 30] : [11, 100];

/** Which processors' kernels OpenBLAS took. */
const cores = new Set<string>();

/** Those who take part, by the heading of their column. */
const starters: Readonly<Record<string, (shape: NamedShape) => Contestant | Promise<Contestant>>> = {
  native: (shape) => startOurs(shape, native()),
  contract: (shape) => startOurs(shape, native({ contract: true })),
  wasm: (shape) => startOurs(shape, wasm()),
  openblas: async (shape) => {
    const contestant = await startOpenBlas(shape);
    cores.add(contestant.core);
    return contestant;
  },
  "clang 4x2": (shape) => startClangWasm(shape, [4, 2]),
  "clang 2x4": (shape) => startClangWasm(shape, [2, 4]),
};

interface Entrant {
  readonly name: string;
  readonly contestant: Contestant;
  /** Runs in one round. */
  readonly times: number;
  readonly ms: number[];
}

/** GFLOP/s by contestant. */
type Rates = Readonly<Record<string, number>>;

const machine = describeMachine();
const title = `${machine.processor}, ${machine.compiler ?? "no C compiler"}, Node ${machine.node}`;
console.log(`${title}, one thread, GFLOP/s of processor time (medians of ${rounds} rounds)\n`);
const headings = ["native", "contract", "openblas", "contract / openblas", "wasm", "clang", "wasm / clang"];
console.log(["shape".padEnd(22), ...headings].join("  "));
const found: { readonly shape: string; readonly rates: Rates }[] = [];
for (const shape of shapes.filter(({ name }) => name.includes(values.shape ?? ""))) {
  const rates = await measure(shape);
  found.push({ shape: shape.name, rates });
  console.log(rowOf(shape, rates));
}
if (cores.size > 0) console.log(`\nOpenBLAS: ${[...cores].join(", ")}`);
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify({ machine, found }, null, 2)}\n`);

async function measure(shape: NamedShape): Promise<Rates> {
  const entrants: Entrant[] = [];
  for (const [name, start] of Object.entries(starters)) {
    try {
      const contestant = await start(shape);
      await contestant.round(1);
      const once = await contestant.round(3);
      const times = Math.max(1, Math.ceil(roundMs / Math.max(once, 1e-4)));
      await contestant.round(times);
      entrants.push({ name, contestant, times, ms: [] });
    } catch (error) {
      console.log(`SKIPPED ${shape.name} on ${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  for (let round = 0; round < rounds; round++) {
    for (const { contestant, times, ms } of entrants) ms.push(await contestant.round(times));
  }
  checkAll(shape, entrants);
  for (const { contestant } of entrants) contestant.stop();
  return Object.fromEntries(entrants.map(({ name, ms }) => [name, operationsOf(shape) / median(ms) / 1e6]));
}

/** All must have found the same. */
function checkAll(shape: NamedShape, entrants: readonly Entrant[]): void {
  const [first, ...others] = entrants;
  const squares = first?.contestant.check() ?? 0;
  for (const { name, contestant } of others) {
    const error = Math.abs(contestant.check() / squares - 1);
    if (error <= (shape.dtype === "float32" ? 1e-5 : 1e-13)) continue;
    console.log(`WRONG ${shape.name} on ${name}: the sum of squares differs by ${error}`);
    process.exitCode = 1;
  }
}

function median(list: readonly number[]): number {
  return list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)] as number;
}

function rowOf({ name }: NamedShape, rates: Rates): string {
  const rate = (of: string): number => rates[of] ?? Number.NaN;
  const clang = Math.max(...["clang 4x2", "clang 2x4"].map((of) => rates[of] ?? 0));
  const blas = [rate("openblas"), rate("contract") / rate("openblas")];
  const cells = [rate("native"), rate("contract"), ...blas, rate("wasm"), clang, rate("wasm") / clang];
  const texts = headings.map((heading, i) => {
    return (cells[i] as number).toFixed(heading.includes("/") ? 2 : 1).padStart(heading.length);
  });
  return [name.padEnd(22), ...texts].join("  ");
}
