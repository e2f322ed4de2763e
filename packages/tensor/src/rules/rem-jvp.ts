/**
 * The derivative rule of remainders.
 */
import { abs, add, div, floor, mul, neg, sign, sub } from "../ops/elementwise.ts";
import { emitOne } from "../trace/builder.ts";
import type { Tensor } from "../trace/tensor.ts";
import type { JvpRule } from "./jvp-rule.ts";
import { one, plus, scale } from "./tangents.ts";

/** 1 in the dividend, less the whole quotient in the divisor. */
export const remJvp: JvpRule<"rem"> = (_, inputs, [ta, tb]) => {
  const [a, b] = inputs as [Tensor, Tensor];
  const y = emitOne("rem", {}, [a, b]);
  const quotient = (): Tensor => {
    const ratio = div(sub(a, y), b);
    return neg(mul(sign(ratio), floor(add(abs(ratio), 0.5))));
  };
  return one(y, plus(ta ?? null, scale(tb, quotient)));
};
