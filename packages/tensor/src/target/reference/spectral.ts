/**
 * Evaluators of eigenvalues and singular values, over batches of matrices.
 */
import type { HostTensor } from "../../pytree.ts";
import { eigen } from "./eigh.ts";
import type { Evaluator } from "./evaluator.ts";
import { batchOf, matricesOf } from "./linear-algebra.ts";
import { singularValues, transposed } from "./svd.ts";

type Spectral = "eigh" | "svd";

/** One evaluator for each primitive. */
export const spectral: { [P in Spectral]: Evaluator<P> } = {
  eigh: (_, [a], [values, vectors]) => {
    const found = matricesOf(a as HostTensor).map(eigen);
    return [
      batchOf(
        found.map((one) => [one.values]),
        values as HostTensor,
      ),
      batchOf(
        found.map((one) => one.vectors),
        vectors as HostTensor,
      ),
    ];
  },
  svd: (_, [a], types) => {
    const found = matricesOf(a as HostTensor).map(singularValues);
    const parts = [
      found.map(({ left }) => left),
      found.map(({ values }) => [values]),
      found.map(({ right }) => transposed(right)),
    ];
    return parts.map((matrices, i) => batchOf(matrices, types[i] as HostTensor));
  },
};
