/**
 * How far an elementary function is from the truth, through Wasm.
 */
import { instantiate } from "../../target/wasm/instantiate.ts";
import type { Block } from "../block.ts";
import type { Expression } from "../kernel.ts";
import { elementwise, runModule } from "./elementwise.ts";

type Floats = Float32Array | Float64Array;
type Write = (block: Block, x: Expression) => Expression;

/** The function over numbers, by vectors or one by one; their count is a multiple of four. */
export function runFunction<T extends Floats>(write: Write, x: T, by: "vectors" | "scalars" = "vectors"): T {
  const dtype = x instanceof Float64Array ? "float64" : "float32";
  const lanes = by === "scalars" ? 1 : dtype === "float64" ? 2 : 4;
  const module = elementwise([dtype], x.length, lanes, (block, [value]) => write(block, value as Expression));
  return runModule(instantiate(module), module, [x]) as T;
}

/**
 * The largest error in units of the last place, where errors up to `floor` count as none. The truth is that of `Math`,
 * within one unit of float64. A NaN or an infinity of one and not the other is infinitely far.
 */
export function worstError(found: Floats, x: Floats, truth: (x: number) => number, floor = 0): number {
  const unit = found instanceof Float64Array ? 2 ** -52 : 2 ** -23;
  let worst = 0;
  found.forEach((value, i) => {
    const right = truth(x[i] as number);
    if (Object.is(value, right) || Math.abs(value - right) <= floor) return;
    const error = Math.abs(value - right) / (unit * 2 ** Math.floor(Math.log2(Math.abs(right))));
    if (!(error <= worst)) worst = Number.isNaN(error) ? Number.POSITIVE_INFINITY : error;
  });
  return worst;
}

/** 2^15 numbers of both signs, by their logarithm evenly between 2^least and 2^greatest. */
export function sweepOf(dtype: "float32" | "float64", least: number, greatest: number): Floats {
  const length = 1 << 15;
  const at = (i: number): number => ((i % 2) * 2 - 1) * 2 ** (least + (i / length) * (greatest - least));
  return floatsOf(
    dtype,
    Array.from({ length }, (_, i) => at(i)),
  );
}

/** Numbers rounded to a type. */
export function floatsOf(dtype: "float32" | "float64", values: readonly number[]): Floats {
  return dtype === "float64" ? Float64Array.from(values) : Float32Array.from(values);
}
