/**
 * The derivative rule of the angle of a point.
 */
import { equal, select } from "../ops/comparison.ts";
import { abs, add, div, maximum, mul, neg, stopGradient } from "../ops/elementwise.ts";
import { emitOne } from "../trace/builder.ts";
import type { Tensor } from "../trace/tensor.ts";
import type { JvpRule } from "./jvp-rule.ts";
import { one, plus, scale } from "./tangents.ts";

/**
 * The coordinates over their squared distance, both measured by the larger one, so that no square overflows. At the origin,
 * where there is no derivative, it is 0.
 */
export const atan2Jvp: JvpRule<"atan2"> = (_, inputs, [ty, tx]) => {
  const [y, x] = inputs as [Tensor, Tensor];
  const angle = emitOne("atan2", {}, [y, x]);
  if (ty == null && tx == null) return one(angle, null);
  const larger = stopGradient(maximum(abs(x), abs(y)));
  const origin = equal(larger, 0);
  const unit = select(origin, 1, larger);
  const [height, width] = [div(y, unit), div(x, unit)];
  const square = select(origin, 1, mul(unit, add(mul(height, height), mul(width, width))));
  return one(
    angle,
    plus(
      scale(ty, () => select(origin, 0, div(width, square))),
      scale(tx, () => select(origin, 0, neg(div(height, square)))),
    ),
  );
};
