/**
 * `@leastaction/dynamics`: from measured trajectories to the law of motion behind them.
 */
export { DataError } from "./data/data-error.ts";
export type { Axis, Coordinate, Dataset, Trajectory } from "./data/dataset.ts";
export { describeReading } from "./data/describe-reading.ts";
export { type ReadTableOptions, readTable } from "./data/read-table.ts";
export type { Reading } from "./data/reading.ts";
export { fromSi, toSi, type Unit } from "./data/unit.ts";
export { splitUses, type Uses } from "./data/uses.ts";
export { quotedField, writeNumber, writeTable } from "./data/write-table.ts";
export { type AnyModel, type DatasetFacts, defineModel, type ModelDefinition } from "./model/model.ts";
export { modelNamed, models } from "./model/registry.ts";
export { type ActivationName, activations } from "./nn/activation.ts";
export { initializers } from "./nn/initializer.ts";
export {
  type MultilayerPerceptron,
  type MultilayerPerceptronParameters,
  multilayerPerceptron,
} from "./nn/multilayer-perceptron.ts";
export { adam, adamW } from "./optim/adam.ts";
export { clipByGlobalNorm } from "./optim/clip-by-global-norm.ts";
export { levenbergMarquardt } from "./optim/levenberg-marquardt.ts";
export type { Optimizer, OptimizerState } from "./optim/optimizer.ts";
export { rAdam } from "./optim/r-adam.ts";
export { constantSchedule, cosineSchedule, oneCycleSchedule } from "./optim/schedule.ts";
export { sgd } from "./optim/sgd.ts";
export { type HostRandom, hostRandom } from "./random/host-random.ts";
export { type GridOptions, solveOnGrid } from "./solve/fixed-grid.ts";
export {
  type DenseSolution,
  type Solution,
  type SolveOptions,
  type SolveStatistics,
  solve,
  solveDense,
} from "./solve/solve.ts";
export { type StatusName, statusCodes, statusNames } from "./solve/status.ts";
export { solverNamed, solvers } from "./solver/registry.ts";
export type { Solver } from "./solver/solver.ts";
export { simulate } from "./system/simulate.ts";
export type { System } from "./system/system.ts";
export { systemNamed, systems } from "./system/systems.ts";
