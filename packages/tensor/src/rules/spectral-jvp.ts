/**
 * Derivative rules of eigenvalues and singular values, by perturbation theory on the results.
 *
 * They contain 1 / (difference of two values). Where two values are equal to working accuracy it counts as 0: what is
 * smooth there does not contain it (in first derivatives), and nothing becomes infinite.
 */

import { broadcastTo } from "../ops/broadcasting.ts";
import { lessEqual, select } from "../ops/comparison.ts";
import { diagonal } from "../ops/diagonal.ts";
import { abs, add, div, mul, sub } from "../ops/elementwise.ts";
import { matrixProduct, matrixTranspose } from "../ops/matrix-product.ts";
import { expandDimensions } from "../ops/movement.ts";
import { max } from "../ops/reduction.ts";
import { emit } from "../trace/builder.ts";
import type { Tensor } from "../trace/tensor.ts";
import type { JvpRule } from "./jvp-rule.ts";

/**
 * With M = V^T dA V: d values = diag M, dV = V X where X_ij = M_ij / (value_j - value_i).
 *
 * Source: Giles (2008), Collected matrix derivative results, section 3.1, doi:10.1007/978-3-540-68942-3_4.
 */
export const eighJvp: JvpRule<"eigh"> = (parameters, inputs, [t]) => {
  const primals = emit("eigh", parameters, inputs);
  if (t == null) return { primals, tangents: [null, null] };
  const [values, vectors] = primals as [Tensor, Tensor];
  const symmetric = mul(0.5, add(t, matrixTranspose(t)));
  const change = matrixProduct(matrixTranspose(vectors), matrixProduct(symmetric, vectors));
  const turned = mul(change, inverseOf(differences(values), smallest(values)));
  return { primals, tangents: [diagonal(change), matrixProduct(vectors, turned)] };
};

/**
 * With P = U^T dA V, its symmetric part S and its skew part K: ds = diag P, dU = U X and dV = V Y where
 * X, Y = S_ij / (s_j - s_i) ± K_ij / (s_j + s_i); what of dA V and dA^T U is outside of U and V comes in over s_j.
 *
 * Source: Townsend, J. (2016), Differentiating the singular value decomposition, equations 8 to 12, written without squares.
 */
export const svdJvp: JvpRule<"svd"> = (parameters, inputs, [t]) => {
  const primals = emit("svd", parameters, inputs);
  if (t == null) return { primals, tangents: [null, null, null] };
  const [left, values, rightTurned] = primals as [Tensor, Tensor, Tensor];
  const [leftTurned, right] = [matrixTranspose(left), matrixTranspose(rightTurned)];
  const change = matrixProduct(leftTurned, matrixProduct(t, right));
  const changeTurned = matrixTranspose(change);
  const bound = smallest(values);
  const even = mul(mul(0.5, add(change, changeTurned)), inverseOf(differences(values), bound));
  const sums = add(expandDimensions(values, -2), expandDimensions(values, -1));
  const skew = mul(mul(0.5, sub(change, changeTurned)), inverseOf(sums, bound));
  const over = inverseOf(expandDimensions(values, -2), bound);
  /** The change of one side by itself, plus what leaves the space of its vectors. */
  const moved = (own: Tensor, turn: Tensor, image: () => Tensor, inside: Tensor): Tensor => {
    const within = matrixProduct(own, turn);
    if (own.shape.at(-1) === own.shape.at(-2)) return within;
    return add(within, mul(sub(image(), matrixProduct(own, inside)), over));
  };
  const dLeft = moved(left, add(even, skew), () => matrixProduct(t, right), change);
  const dRight = moved(right, sub(even, skew), () => matrixProduct(matrixTranspose(t), left), changeTurned);
  return { primals, tangents: [dLeft, diagonal(change), matrixTranspose(dRight)] };
};

/** value_j - value_i at [i, j]. */
function differences(values: Tensor): Tensor {
  return sub(expandDimensions(values, -2), expandDimensions(values, -1));
}

/** Below this two values are equal: [..., 1, 1]. */
function smallest(values: Tensor): Tensor {
  const epsilon = values.dtype === "float64" ? 2 ** -52 : 2 ** -23;
  const bound = mul((values.shape.at(-1) as number) * epsilon, max(abs(values), -1));
  return expandDimensions(expandDimensions(bound, -1), -1);
}

/** 1 / x, and 0 where |x| is not above the bound; its derivatives are finite everywhere. */
function inverseOf(x: Tensor, bound: Tensor): Tensor {
  const small = lessEqual(abs(x), broadcastTo(bound, x.shape));
  return select(small, 0, div(1, select(small, 1, x)));
}
