/** WebAssembly: whether our programs run, and what else this engine has. */
import { array, compile, mul, type Tensor, wasm } from "@leastaction/tensor";
import type { Finding } from "./finding.ts";

/** The smallest modules that need a feature: an engine without it does not accept them. */
const modules = {
  "relaxed SIMD": "0105 016000017b 03020100 0a0f 010d00 4101fd0f 4102fd0f fd8002 0b",
  threads: "0104 01600000 03020100 0504 01030101 0a0b 010900 4100 fe100200 1a 0b",
  memory64: "0503 010401",
} as const;

/** A program of ours, compiled and run. */
export function webAssemblyFinding(run: () => number = doubled): Finding {
  const fault = faultOf(run);
  return {
    name: "WebAssembly",
    state: fault === null ? "ok" : "missing",
    needed: true,
    found: fault === null ? "runs, with SIMD" : `does not run: ${fault}`,
    purpose: "runs every model: vectors of 16 bytes, the same bits on every machine",
    remedy: fault === null ? null : "Use Node without --jitless, on a processor with SSE4.1 or NEON.",
    facts: { simd: fault === null },
  };
}

function doubled(): number {
  const value = array([1, 2, 3, 4], [4], "float32");
  const double = compile((x: Tensor) => mul(x, 2), [value], wasm());
  return (double.callSync(value) as { readonly data: ArrayLike<number> }).data[3] as number;
}

function faultOf(run: () => number): string | null {
  try {
    const found = run();
    return found === 8 ? null : `2 times 4 gave ${found}`;
  } catch (error) {
    return (error as Error).message.split("\n")[0] ?? "";
  }
}

/** What no program of ours uses. */
export function moreWebAssemblyFinding(): Finding {
  const has = Object.entries(modules).map(([name, body]) => [name, accepts(body)] as const);
  return {
    name: "more of WebAssembly",
    state: "later",
    needed: false,
    found: has.map(([name, found]) => `${name} ${found ? "yes" : "no"}`).join(", "),
    purpose: "for faster sums, several cores and programs beyond 4 GB",
    remedy: null,
    facts: Object.fromEntries(has),
  };
}

function accepts(body: string): boolean {
  const bytes = Buffer.from(`0061736d01000000${body.replaceAll(" ", "")}`, "hex");
  return typeof WebAssembly === "object" && WebAssembly.validate(bytes);
}
