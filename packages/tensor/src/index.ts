/**
 * `@leastaction/tensor`: tensor programs traced from functions, transformed, and compiled.
 */
export {
  type CheckedPlace,
  type CheckGradientsOptions,
  checkGradients,
  type GradientsReport,
} from "./check-gradients.ts";
export { type Compiled, compile, evaluate, type Hosted } from "./compile.ts";
export { type DType, type HostArray, isFloat } from "./dtype.ts";
export { TensorError, type TensorErrorCode } from "./errors.ts";
export { checkpoint } from "./library/checkpoint.ts";
export { checkpointedScan } from "./library/checkpointed-scan.ts";
export { mapSlices, type ScanOptions, type ScanResiduals, scan, whileLoop } from "./library/control-flow.ts";
export {
  type CumulativeOptions,
  cumulativeLogSumExp,
  cumulativeMax,
  cumulativeMin,
  cumulativeProduct,
  cumulativeSum,
} from "./library/cumulative.ts";
export { type CustomJvpOptions, customJvp } from "./library/custom-jvp.ts";
export { customLinearSolve, type LinearSystem } from "./library/custom-linear-solve.ts";
export { type CustomRootOptions, customRoot } from "./library/custom-root.ts";
export { customVjp } from "./library/custom-vjp.ts";
export { dynamicSlice, dynamicUpdateSlice } from "./library/dynamic-slice.ts";
export { type Eigen, eigh } from "./library/eigh.ts";
export * from "./library/error-function.ts";
export { type ComplexPair, fft, inverseFft, inverseRealFft, realFft } from "./library/fourier.ts";
export * from "./library/gamma.ts";
export {
  cholesky,
  determinant,
  inverse,
  type LogDeterminant,
  type LuDecomposition,
  linearSolve,
  logDeterminant,
  lu,
  type QrDecomposition,
  qr,
  type TriangularSolveOptions,
  triangularSolve,
} from "./library/linear-algebra.ts";
export { linearCall } from "./library/linear-call.ts";
export { logSumExp } from "./library/log-sum-exp.ts";
export * from "./library/logarithm.ts";
export { matrixExponential } from "./library/matrix-exponential.ts";
export * from "./library/power.ts";
export { programFromJson } from "./library/program-from-json.ts";
export {
  bernoulli,
  categorical,
  exponential,
  foldIn,
  normal,
  permutation,
  randomBits,
  randomKey,
  uniform,
} from "./library/random.ts";
export * from "./library/remainder.ts";
export { argMax, argMin, type SearchSortedOptions, searchSorted } from "./library/searching.ts";
export { logSoftmax, softmax } from "./library/softmax.ts";
export { logSigmoid, sigmoid, softplus } from "./library/softplus.ts";
export { argsort, type SortOptions, sort, type TopK, takeAlong, topK } from "./library/sorting.ts";
export { spectralFunction } from "./library/spectral-function.ts";
export { type SingularValues, svd } from "./library/svd.ts";
export { cond, switchCase } from "./library/switch-case.ts";
export * from "./library/trigonometric.ts";
export type { CodeKey, CodeStore } from "./lower/code-store.ts";
export type { KernelFacts } from "./lower/explain.ts";
export type { KernelTime, Profile } from "./lower/profile.ts";
export { showProfile } from "./lower/show-profile.ts";
export { broadcastTo } from "./ops/broadcasting.ts";
export * from "./ops/comparison.ts";
export { type Contraction, contract, matmul } from "./ops/contraction.ts";
export { type ConvolutionOptions, convolution, type Padding } from "./ops/convolution.ts";
export { diagonal } from "./ops/diagonal.ts";
export { einsum } from "./ops/einsum.ts";
export * from "./ops/elementwise.ts";
export { scatterAdd, take } from "./ops/indexing.ts";
export { matrixProduct, matrixTranspose } from "./ops/matrix-product.ts";
export * from "./ops/movement.ts";
export { norm } from "./ops/norm.ts";
export { type Axes, max, mean, min, sum, sumOfSquares } from "./ops/reduction.ts";
export { lowerTriangle, upperTriangle } from "./ops/triangle.ts";
export { boundLoops } from "./program/bound-loops.ts";
export { check } from "./program/check.ts";
export { showType } from "./program/infer.ts";
export { type Json, programToJson, programVersion } from "./program/json.ts";
export { print } from "./program/print.ts";
export type { Program, TensorType } from "./program/program.ts";
export { type ProgramCost, type ProgramLimits, programCost, programLimits } from "./program/program-limits.ts";
export {
  type HostTensor,
  isLeaf,
  type Leaf,
  leavesOf,
  type MapLeaves,
  mapTree,
  type Tree,
  withLeaves,
} from "./pytree.ts";
export { type Shape, sizeOf } from "./shape.ts";
export { reference } from "./target/reference/reference.ts";
export type { Executable, Target } from "./target/target.ts";
export { type WasmOptions, wasm } from "./target/wasm/wasm.ts";
export { inline } from "./trace/builder.ts";
export { type ClosureConverted, closureConvert } from "./trace/closure-convert.ts";
export { array, full, type NestedNumbers, type Tensor, type TensorLike } from "./trace/tensor.ts";
export { type Spec, specOf, type Traced, trace } from "./trace/trace.ts";
export { grad, jvp, type Pullback, type TensorTree, valueAndGrad, vjp } from "./transform/differentiate.ts";
export { divergence } from "./transform/divergence.ts";
export type { ByElement } from "./transform/divided-difference.ts";
export { hessianVector } from "./transform/hessian-vector.ts";
export { hessian, jacobian, jacobianForward, jacobianReverse } from "./transform/jacobian.ts";
export { jet, solutionSeries } from "./transform/jet.ts";
export { laplacian } from "./transform/laplacian.ts";
export { linearize, type Pushforward } from "./transform/linearize.ts";
export { type BatchAxes, type BatchAxis, vmap } from "./transform/vmap.ts";
