/**
 * What a check of derivatives found, as data and as a table.
 */

/** The defects of the derivatives with respect to one tensor, each relative to the size of the gradient along it. */
export interface LeafDefects {
  /** Where the tensor is in the point, such as `.layers[0].weight`; empty when the point is one tensor. */
  readonly path: string;
  /** `float64[2, 50]`. */
  readonly type: string;
  /** Directions that were tried. */
  readonly directions: number;
  /** Forward against reverse mode. */
  readonly forward: number;
  /** Reverse mode against 8th-order differences of the function. */
  readonly difference: number;
  /** Derivative of the gradient, forward over reverse, against differences of the gradient. */
  readonly second: number;
  /** What the differences themselves are uncertain by: disagreement of two lengths of step; the larger of both orders. */
  readonly uncertainty: number;
  readonly passed: boolean;
}

/** The result of `checkGradient`. */
export interface GradientReport {
  readonly leaves: readonly LeafDefects[];
  /** The largest defect of any kind. */
  readonly worst: number;
  readonly tolerance: number;
  readonly passed: boolean;
}

/**
 * The report as a table, one line a tensor, and a verdict.
 *
 * @example
 * const report = checkGradient((x: Tensor) => sum(square(x)), array([1, 2]));
 * showGradientReport(report).includes("right"); // => true
 */
export function showGradientReport({ leaves, worst, tolerance, passed }: GradientReport): string {
  const head = ["tensor", "type", "forward", "differences", "second order", "uncertain by", ""];
  const rows = leaves.map((leaf) => [
    leaf.path === "" ? "(the point)" : leaf.path,
    leaf.type,
    ...[leaf.forward, leaf.difference, leaf.second, leaf.uncertainty].map((value) => value.toExponential(1)),
    leaf.passed ? "right" : "WRONG",
  ]);
  const table = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...table.map((row) => (row[column] as string).length)));
  const lines = table.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] as number))
      .join("  ")
      .trimEnd(),
  );
  const wrong = leaves.filter((leaf) => !leaf.passed).map(({ path }) => (path === "" ? "the point" : path));
  const verdict = passed
    ? `All derivatives are right to ${tolerance.toExponential(0)}; the worst defect is ${worst.toExponential(1)}.`
    : `Wrong derivatives with respect to ${wrong.join(", ")}: a defect of ${worst.toExponential(1)} where ${tolerance.toExponential(0)} is allowed.`;
  return [...lines, "", verdict].join("\n");
}
