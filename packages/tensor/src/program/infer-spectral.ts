/**
 * Shape rules of eigenvalues and singular values: matrices are the last two axes, whatever leads is a batch.
 */
import { isFloat } from "../dtype.ts";
import { only, refuse, type ShapeRule } from "./shape-rule.ts";

type Spectral = "eigh" | "svd";

/** The rules. */
export const spectralShapes: { readonly [P in Spectral]: ShapeRule<P> } = {
  eigh: (_, inputs) => {
    const x = only("eigh", inputs);
    if (x.shape.length < 2 || x.shape.at(-1) !== x.shape.at(-2) || !isFloat(x.dtype)) {
      refuse("eigh", "square matrices of floats [..., n, n]", inputs, "Reshape, or convert to float64 or float32.");
    }
    return [{ dtype: x.dtype, shape: x.shape.slice(0, -1) }, x];
  },
  svd: (_, inputs) => {
    const x = only("svd", inputs);
    if (x.shape.length < 2 || !isFloat(x.dtype)) {
      refuse("svd", "matrices of floats [..., n, m]", inputs, "Reshape, or convert to float64 or float32.");
    }
    const lead = x.shape.slice(0, -2);
    const [rows, columns] = x.shape.slice(-2) as [number, number];
    const count = Math.min(rows, columns);
    const { dtype } = x;
    return [
      { dtype, shape: [...lead, rows, count] },
      { dtype, shape: [...lead, count] },
      { dtype, shape: [...lead, count, columns] },
    ];
  },
};
