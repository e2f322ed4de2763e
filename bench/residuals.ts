/**
 * `npm run bench:residuals -- [--rounds 30] [--json FILE]`: memory and time of the gradient of a scan of 10,000 turns, by
 * what it keeps of them.
 *
 * For each problem, target and policy: bytes of residuals (what the target owns beyond the same gradient of one turn),
 * milliseconds of processor time of a gradient, both against keeping all, and whether the gradient and a Hessian-vector
 * product have the same bits. The exit status is 1 where they have not, or a bar is missed, on the first problem: two
 * levels 1/45 of the residuals at 1.4 times the time, three 1/200 at 2.2 times.
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { nativeAvailable } from "@leastaction/native";
import { type Compiled, compile, type HostTensor, leavesOf, type ScanResiduals } from "@leastaction/tensor";
import { describeMachine } from "./report/machine.ts";
import { derivativesOf, type Problem, problems } from "./residuals/problems.ts";
import { targets } from "./targets.ts";

const { values } = parseArgs({
  options: { rounds: { type: "string", default: "30" }, json: { type: "string" } },
});
const rounds = Number(values.rounds);
const turns = 10_000;
const policies: readonly ScanResiduals[] = ["store", "recompute", { levels: 2 }, { levels: 3 }, { levels: 4 }];
const bars: Readonly<Record<string, { readonly less: number; readonly time: number }>> = {
  "2 levels": { less: 45, time: 1.4 },
  "3 levels": { less: 200, time: 2.2 },
};
const { ok, reason } = nativeAvailable();
if (!ok) console.log(`SKIPPED native: ${reason}`);

interface Row {
  readonly problem: string;
  readonly target: string;
  readonly residuals: string;
  readonly bytes: number;
  readonly residualBytes: number;
  /** Residual bytes of keeping all, in these. */
  readonly less: number;
  readonly milliseconds: number;
  /** In that of keeping all. */
  readonly time: number;
  readonly sameGradient: boolean;
  readonly sameHessianVector: boolean;
}

const rows = (ok ? ["wasm", "native"] : ["wasm"]).flatMap((target) => problems.flatMap((one) => measure(one, target)));
const missed = rows.filter(({ problem, residuals, less, time, sameGradient, sameHessianVector }) => {
  if (problem !== problems[0]?.name) return false;
  const bar = bars[residuals];
  const isWithin = bar === undefined || (less >= bar.less && time <= bar.time);
  return !isWithin || !sameGradient || !sameHessianVector;
});
for (const { problem, target, residuals } of missed) console.log(`MISSED: ${problem}, ${target}, ${residuals}`);
if (values.json !== undefined) {
  const machine = describeMachine();
  writeFileSync(values.json, `${JSON.stringify({ machine, turns, rounds, bars, rows }, null, 2)}\n`);
}
process.exitCode = missed.length === 0 ? 0 : 1;

function measure(problem: Problem, target: string): Row[] {
  const make = targets[target] as (typeof targets)[string] & (() => never);
  console.log(`\n${target}, ${problem.name}: residual KiB, of all 1/, ms, of all times, bits of gradient and product`);
  const made = policies.map((residuals) => {
    const [gradient, second] = derivativesOf(problem.loss(turns, residuals));
    const compiled = compile(gradient as never, [problem.parameters], make());
    const bits = bitsOf(compiled, problem);
    const one = compile(derivativesOf(problem.loss(1, residuals))[0] as never, [problem.parameters], make());
    bitsOf(one, problem);
    return {
      compiled,
      bits,
      second: bitsOf(compile(second as never, [problem.parameters], make()), problem),
      name: typeof residuals === "string" ? residuals : `${residuals.levels} levels`,
      bytes: compiled.bytes(),
      residualBytes: compiled.bytes() - one.bytes(),
      milliseconds: Number.POSITIVE_INFINITY,
    };
  });
  for (let round = 0; round < rounds; round++) {
    for (const one of made) one.milliseconds = Math.min(one.milliseconds, timeOf(one.compiled, problem));
  }
  const [all] = made as [(typeof made)[number], ...typeof made];
  return made.map(({ name, bytes, residualBytes, milliseconds, bits, second }): Row => {
    const row: Row = {
      problem: problem.name,
      target,
      residuals: name,
      bytes,
      residualBytes,
      less: Number((all.residualBytes / residualBytes).toFixed(1)),
      milliseconds: Number(milliseconds.toPrecision(3)),
      time: Number((milliseconds / all.milliseconds).toFixed(2)),
      sameGradient: bits === all.bits,
      sameHessianVector: second === all.second,
    };
    const same = `${row.sameGradient ? "same" : "OTHER"} ${row.sameHessianVector ? "same" : "OTHER"}`;
    const cells = [(residualBytes / 1024).toFixed(1), row.less, row.milliseconds, row.time, same];
    console.log(`  ${name.padEnd(10)} ${cells.join("   ")}`);
    return row;
  });
}

function timeOf(compiled: Compiled<unknown>, { parameters }: Problem): number {
  const before = process.cpuUsage();
  compiled.callSync(parameters);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

function bitsOf(compiled: Compiled<unknown>, { parameters }: Problem): string {
  const result = compiled.callSync(parameters);
  return leavesOf(result as never)
    .map((leaf) => Buffer.from((leaf as HostTensor).data.slice().buffer).toString("base64"))
    .join();
}
