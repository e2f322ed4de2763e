/**
 * Sums of all elements so far.
 */
import { cumulativeSum } from "../lower/define/cumulative-sum.ts";
import { defined } from "../lower/simplify/defined.ts";
import { shifted } from "../rules/batched.ts";
import { one } from "../rules/cotangents.ts";
import { linear } from "../rules/tangents.ts";
import { emitOne } from "../trace/builder.ts";
import type { Dialect } from "./dialect.ts";

/** The dialect. */
export const cumulative: Dialect<"cumulative"> = {
  needs: [],
  jvp: { cumulativeSum: linear("cumulativeSum") },
  transpose: {
    cumulativeSum: one(({ axis, reverse }, cotangent) =>
      emitOne("cumulativeSum", { axis, reverse: !reverse }, [cotangent]),
    ),
  },
  batch: { cumulativeSum: shifted("cumulativeSum", ({ axis, reverse }) => ({ axis: axis + 1, reverse })) },
  lowering: { cumulativeSum: { simplify: defined("cumulativeSum", cumulativeSum) } },
};
