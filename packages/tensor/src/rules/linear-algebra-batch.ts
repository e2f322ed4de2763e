/**
 * Batching rules of linear algebra. Leading axes are a batch already: most rules only add one more.
 */
import { moveAxis, reshape } from "../ops/movement.ts";
import { emitOne } from "../trace/builder.ts";
import type { Tensor } from "../trace/tensor.ts";
import type { BatchRule } from "./batch-rule.ts";
import { spreadOver } from "./spread-over.ts";

/** Of a primitive that solves with a matrix: members that share the matrix are more right-hand sides. */
export const withSides =
  <P extends "triangularSolve" | "linearSolve">(primitive: P): BatchRule<P> =>
  (parameters, [a, b], batched, size) => {
    const [matrix, right] = [a as Tensor, b as Tensor];
    if (batched[0] === true) {
      const sides = batched[1] === true ? right : spreadOver(size, right);
      return [emitOne(primitive, parameters, [matrix, sides])];
    }
    const moved = moveAxis(right, 0, -2);
    const { shape } = moved;
    const wide = reshape(moved, [...shape.slice(0, -2), size * (shape.at(-1) as number)]);
    return [moveAxis(reshape(emitOne(primitive, parameters, [matrix, wide]), shape), -2, 0)];
  };
