/**
 * The cases of `switch`: each branch taken, branches that hold loops, and one inside a loop.
 */

import { scan } from "../library/control-flow.ts";
import { cond, switchCase } from "../library/switch-case.ts";
import { cos, sin } from "../library/trigonometric.ts";
import { less } from "../ops/comparison.ts";
import { add, exp, mul, sub, tanh } from "../ops/elementwise.ts";
import { sum } from "../ops/reduction.ts";
import { array, type Tensor } from "../trace/tensor.ts";
import type { PrimitiveCase } from "./primitive-case.ts";

const matrix = array([0.3, -0.8, 1.2, 0.5, -0.4, 0.9], [2, 3]);
const vector = array([0.7, -0.2, 0.4]);

const chosen = (index: number): PrimitiveCase => ({
  name: `switch to branch ${index}`,
  inputs: [array([index], [], "int32"), matrix, vector],
  apply: (i, x, y) =>
    switchCase(
      i as Tensor,
      [
        (a: Tensor, b: Tensor) => [mul(sin(a), b), sum(a)],
        (a: Tensor) => [exp(mul(0.5, a)), sum(mul(a, tanh(a)))],
        (a: Tensor, b: Tensor) => [add(a, b), sum(mul(b, cos(b)))],
      ],
      x as Tensor,
      y as Tensor,
    ),
});

const ofLoops: PrimitiveCase = {
  name: "switch between loops",
  inputs: [vector, matrix],
  apply: (w, x) => [
    cond(
      less(0.5, sum(x as Tensor)),
      (rows: Tensor) =>
        scan((c: Tensor, row: Tensor) => [tanh(add(mul(c, w as Tensor), row)), {}], w as Tensor, rows)[0],
      (rows: Tensor) => mul(w as Tensor, sum(rows, [0])),
      x as Tensor,
    ),
  ],
};

const inLoop: PrimitiveCase = {
  name: "switch in a loop",
  inputs: [vector, array([0.3, -0.8, 1.2, 0.5, -0.4, 0.9, 0.2, 0.6, -1.1, 0.8, -0.5, 0.1], [4, 3])],
  apply: (w, x) =>
    scan(
      (c: Tensor, row: Tensor) => {
        const next = cond(
          less(0, sum(row)),
          (a: Tensor, b: Tensor) => tanh(add(mul(a, w as Tensor), b)),
          (a: Tensor, b: Tensor) => sub(a, mul(w as Tensor, sin(b))),
          c,
          row,
        );
        return [next, mul(next, row)] as const;
      },
      w as Tensor,
      x as Tensor,
    ) as Tensor[],
};

export const switchCases: readonly PrimitiveCase[] = [chosen(0), chosen(1), chosen(7), ofLoops, inLoop];
