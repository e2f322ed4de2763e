/**
 * Sums of all elements so far.
 */
import { cumulativeSum } from "../lower/define/cumulative-sum.ts";
import { defined } from "../lower/simplify/defined.ts";
import { convertRemedy, only, refuse } from "../program/shape-rule.ts";
import { shifted } from "../rules/batched.ts";
import { one } from "../rules/cotangents.ts";
import { linear } from "../rules/tangents.ts";
import { emitOne } from "../trace/builder.ts";
import type { Dialect } from "./dialect.ts";

/** The dialect. */
export const cumulative: Dialect<"cumulative"> = {
  needs: [],
  infer: {
    cumulativeSum: ({ axis }, inputs) => {
      const x = only("cumulativeSum", inputs);
      if (x.dtype === "bool" || x.shape[axis] === undefined)
        refuse("cumulativeSum", `a numeric type and an axis ${axis}`, inputs, convertRemedy);
      return [x];
    },
  },
  jvp: { cumulativeSum: linear("cumulativeSum") },
  transpose: {
    cumulativeSum: one(({ axis, reverse }, cotangent) =>
      emitOne("cumulativeSum", { axis, reverse: !reverse }, [cotangent]),
    ),
  },
  batch: { cumulativeSum: shifted("cumulativeSum", ({ axis, reverse }) => ({ axis: axis + 1, reverse })) },
  lowering: { cumulativeSum: { simplify: defined("cumulativeSum", cumulativeSum) } },
};
