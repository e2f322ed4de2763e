/**
 * The derivative rule of powers.
 */
import { and, equal, less, lessEqual, not, select } from "../ops/comparison.ts";
import { abs, div, mul, sub } from "../ops/elementwise.ts";
import { emitOne } from "../trace/builder.ts";
import type { Tensor } from "../trace/tensor.ts";
import type { JvpRule } from "./jvp-rule.ts";
import { one, plus, scale } from "./tangents.ts";

/** x^y: y x^(y-1) in x, x^y ln x in y. */
export const powJvp: JvpRule<"pow"> = (_, inputs, [ta, tb]) => {
  const [a, b] = inputs as [Tensor, Tensor];
  const y = emitOne("pow", {}, [a, b]);
  // x^0 has derivative 0 also at 0, and 0^b with b > 0 has derivative 0 in b, where the plain formulas give NaN. The base is
  // replaced before the power is taken, since a NaN that is thrown away comes back in the next derivative.
  const byBase = (): Tensor => {
    const endless = and(equal(b, 0), not(less(abs(div(1, a)), Infinity)));
    return mul(b, emitOne("pow", {}, [select(endless, 1, a), sub(b, 1)]));
  };
  const byExponent = (): Tensor => mul(y, emitOne("log", {}, [select(lessEqual(a, 0), 1, a)]));
  return one(y, plus(scale(ta, byBase), scale(tb, byExponent)));
};
