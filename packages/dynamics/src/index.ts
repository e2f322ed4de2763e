/**
 * `@leastaction/dynamics`: learn the law of motion behind measured trajectories.
 *
 * The main road: `readTable` → `fit` → `run.model.predict`, `run.model.stepper`, `run.model.toBytes`, `loadModel`.
 */

export {
  type CheckedModel,
  type CheckGradientOptions,
  checkGradient,
  type ModelPoint,
} from "./adjoint/check-gradient.ts";
export { type GradientReport, type LeafDefects, showGradientReport } from "./adjoint/gradient-report.ts";
export { type ArrayColumn, type ArraySourceOptions, arraySource } from "./data/array-source.ts";
export { DataError, type DataErrorCode, type DataErrorFacts } from "./data/data-error.ts";
export type { Axis, ControlAxis, Coordinate, Dataset, ObservedColumn, Trajectory } from "./data/dataset.ts";
export { type DatasetOptions, datasetOf } from "./data/dataset-of.ts";
export {
  type DecodedText,
  decodePieces,
  decodeText,
  encodingOfStart,
  type TextEncodingName,
} from "./data/decode-text.ts";
export { describeControls } from "./data/describe-controls.ts";
export { describeOddity, describeReading } from "./data/describe-reading.ts";
export { meanSource } from "./data/mean-source.ts";
export {
  type ControlHold,
  type ControlLine,
  controlAt,
  lineOver,
  type MeasuredControl,
  measuredControl,
} from "./data/measured-control.ts";
export type { Oddity, OddityKind, OddityPlace } from "./data/oddity/oddity.ts";
export { type MotionSegment, prepareSegments } from "./data/prepare.ts";
export { type ReadTableOptions, readTable } from "./data/read-table.ts";
export type { ColumnReading, FileReading, Reading, Role } from "./data/reading.ts";
export { chooseSampling, type Sampling } from "./data/sampling.ts";
export type { Segment } from "./data/segment.ts";
export { type Smoothing, smoothings } from "./data/smoothing.ts";
export { type SplineMotion, type SplineOptions, smoothingSpline } from "./data/smoothing-spline.ts";
export { type Span, usedSpan } from "./data/span.ts";
export {
  type ColumnLook,
  holdsWords,
  type TableCells,
  type TableSource,
  type WantedColumn,
} from "./data/table-source.ts";
export { type TextChunks, type TextSourceOptions, textSource } from "./data/text-source.ts";
export { fromSi, parseUnit, toSi, type Unit } from "./data/unit.ts";
export { unwrap } from "./data/unwrap.ts";
export { type SplitOptions, splitUses, type Use, type UseName, type Uses } from "./data/uses.ts";
export { estimateVelocity } from "./data/velocity.ts";
export { type ControlSetting, withControls } from "./data/with-controls.ts";
export { quotedField, writeNumber, writeTable } from "./data/write-table.ts";
export type { CoordinateMotion } from "./diagnostic/energy-loss/coordinate-motion.ts";
export {
  type BandedEstimate,
  type EnergyLoss,
  type EnergyLossBin,
  type EnergyLossOptions,
  energyLoss,
} from "./diagnostic/energy-loss/energy-loss.ts";
export type { Swing } from "./diagnostic/energy-loss/swings.ts";
export {
  type AlgebraicCertificate,
  type AlgebraicCertificateOptions,
  algebraicCertificate,
  type RemainingMetrics,
} from "./diagnostic/helmholtz/algebraic-certificate.ts";
export { type AlgebraicConditions, algebraicConditions } from "./diagnostic/helmholtz/algebraic-conditions.ts";
export {
  type EnergyOnMotions,
  type EnergyOnMotionsOptions,
  energyOnMotions,
  mostEnergyDrift,
} from "./diagnostic/helmholtz/energy-on-motions.ts";
export { type HelmholtzConditions, helmholtzConditions } from "./diagnostic/helmholtz/helmholtz-conditions.ts";
export {
  type HelmholtzMetric,
  type HelmholtzMetricOptions,
  helmholtzMetric,
} from "./diagnostic/helmholtz/helmholtz-metric.ts";
export {
  type LagrangianOfMetric,
  type LagrangianOfMetricOptions,
  lagrangianOfMetric,
} from "./diagnostic/helmholtz/lagrangian-of-metric.ts";
export {
  type MeanDivergence,
  type MeanDivergenceOptions,
  meanDivergence,
} from "./diagnostic/helmholtz/mean-divergence.ts";
export { type MetricNetwork, type MetricNetworkOptions, metricNetwork } from "./diagnostic/helmholtz/metric-network.ts";
export { type NormalisedField, normaliseField } from "./diagnostic/helmholtz/normalise-field.ts";
export { relativeHelmholtzMetric } from "./diagnostic/helmholtz/relative-helmholtz-metric.ts";
export type { HelmholtzPoint, MetricField, SecondOrderField } from "./diagnostic/helmholtz/second-order-field.ts";
export { startNear } from "./diagnostic/helmholtz/start-near.ts";
export type { StateCoverage } from "./diagnostic/state-coverage.ts";
export { type ComparedErrors, compareErrors, type GeometricMean, geometricMean } from "./experiment/compare-errors.ts";
export type {
  Experiment,
  ExperimentBar,
  ExperimentContext,
  ExperimentCurve,
  ExperimentFigure,
  ExperimentForm,
  ExperimentOutcome,
  ExperimentRequest,
  ExperimentRow,
  ExperimentSetting,
  ExperimentStatistic,
  ExperimentWord,
} from "./experiment/experiment.ts";
export { experiments } from "./experiment/experiments.ts";
export { lagrangianOdeExperiment } from "./experiment/lagrangian-ode/lagrangian-ode.ts";
export { type LagrangianOdeSizes, lagrangianOdeSizes } from "./experiment/lagrangian-ode/settings.ts";
export { lagrangianOdePeersExperiment } from "./experiment/lagrangian-ode-peers/lagrangian-ode-peers.ts";
export { lagrangianOdePeers, type Peer } from "./experiment/lagrangian-ode-peers/peers.ts";
export { type TrainedPeer, type TrainPeerOptions, trainPeer } from "./experiment/lagrangian-ode-peers/train-peer.ts";
export { constantUnit } from "./model/constant-rows.ts";
export { datasetFacts, trainingSamples } from "./model/dataset-facts.ts";
export { defineModel } from "./model/define-model.ts";
export {
  type DissipativeHamiltonianOptions,
  type DissipativeHamiltonianParameters,
  dissipativeHamiltonian,
} from "./model/dissipative-hamiltonian.ts";
export { type FieldMotionOptions, type FieldMotionParameters, fieldMotion } from "./model/field-motion.ts";
export {
  forecastFrom,
  forecastRecording,
  halfWidthAt,
  positionsOf,
  type Recording,
  type TrajectoryForecast,
} from "./model/forecast.ts";
export { type HamiltonianOptions, type HamiltonianParameters, hamiltonian } from "./model/hamiltonian.ts";
export { hold } from "./model/hold.ts";
export { type LagrangianOptions, type LagrangianParameters, lagrangian } from "./model/lagrangian.ts";
export {
  type LagrangianOde,
  type LagrangianOdeOptions,
  type LagrangianOdeParameters,
  lagrangianOde,
  type MotionParameters,
} from "./model/lagrangian-ode.ts";
export { linearStateSpace } from "./model/linear-state-space.ts";
export {
  type MechanicalLagrangianOptions,
  type MechanicalLagrangianParameters,
  mechanicalLagrangian,
} from "./model/mechanical-lagrangian.ts";
export type {
  AnyModel,
  Constant,
  CoordinateFacts,
  DatasetFacts,
  Equation,
  ModelDefinition,
  ModelOptions,
  Needs,
  Samples,
} from "./model/model.ts";
export {
  type Band,
  type CoordinateAxis,
  type FittedConstant,
  type ModelRecord,
  modelRecordVersion,
  type TrainedRegion,
} from "./model/model-record.ts";
export type { BatchMotion, MotionModel, MotionOptions, MotionSolver } from "./model/motion-model.ts";
export { type NeuralOdeOptions, type NeuralOdeParameters, neuralOde } from "./model/neural-ode.ts";
export { oscillator } from "./model/oscillator.ts";
export { pendulum } from "./model/pendulum.ts";
export { type PredictedMotion, predictMotion } from "./model/predict-motion.ts";
export { readRecord } from "./model/read-model-record.ts";
export { candidatesFor, modelNamed, models } from "./model/registry.ts";
export { readSafetensors, type Safetensors, writeSafetensors } from "./model/safetensors.ts";
export { type Course, type Glimpse, type Motion, type Simulator, simulator } from "./model/simulator.ts";
export { type SparseRegressionParameters, sparseRegression } from "./model/sparse-regression.ts";
export {
  type Forecast,
  type ForecastColumn,
  loadModel,
  type PredictData,
  type PredictFrom,
  type StatedStart,
  type Stepper,
  type TrainedModel,
  trainedModel,
} from "./model/trained-model.ts";
export { type Kinematics, type TrajectoryScaling, trajectoryScaling } from "./model/trajectory-scaling.ts";
export { type ActivationName, activations } from "./nn/activation.ts";
export {
  type MultilayerPerceptron,
  type MultilayerPerceptronOptions,
  type MultilayerPerceptronParameters,
  multilayerPerceptron,
} from "./nn/multilayer-perceptron.ts";
export { type AdamOptions, type AdamWOptions, adam, adamW } from "./optim/adam.ts";
export { clipByGlobalNorm } from "./optim/clip-by-global-norm.ts";
export { compileLeastSquares } from "./optim/compile-least-squares.ts";
export {
  type LeastSquaresFit,
  type LeastSquaresProblem,
  type LevenbergMarquardtOptions,
  levenbergMarquardt,
} from "./optim/levenberg-marquardt.ts";
export {
  type LimitedMemoryBfgsOptions,
  limitedMemoryBfgs,
  type MinimisationState,
  type MinimisationStatus,
  type Minimum,
  type ValueAndGradient,
} from "./optim/limited-memory-bfgs.ts";
export type { Optimizer, OptimizerState } from "./optim/optimizer.ts";
export { type Plateau, type PlateauOptions, type PlateauState, plateau } from "./optim/plateau.ts";
export { rAdam } from "./optim/r-adam.ts";
export { constantSchedule, cosineSchedule, oneCycleSchedule, type Schedule } from "./optim/schedule.ts";
export { type HostRandom, hostRandom } from "./random/host-random.ts";
export {
  type Adjoint,
  type AdjointName,
  adjointNames,
  type ContinuousAdjoint,
  type ReversibleAdjoint,
} from "./solve/adjoint/adjoint.ts";
export { type AdjointChoice, type AdjointSizes, chooseAdjoint } from "./solve/adjoint/choose-adjoint.ts";
export { chooseAdjointFor } from "./solve/adjoint/choose-adjoint-for.ts";
export { type ControlKind, type ControlOptions, type Controls, controls } from "./solve/controls.ts";
export {
  type DiagnoseOptions,
  type Diagnosis,
  diagnoseSolution,
  type SolutionOnHost,
} from "./solve/diagnose-solution.ts";
export { type Failure, failurePlaces } from "./solve/failure.ts";
export type { Cause } from "./solve/failure-cause.ts";
export { type GridOptions, solveOnGrid } from "./solve/fixed-grid.ts";
export type {
  DenseSolution,
  SaveAt,
  Solution,
  SolveOptions,
  SolveStatistics,
  StopTimes,
} from "./solve/options.ts";
export { solve, solveDense } from "./solve/solve.ts";
export { type StatusName, statusCodes, statusNames } from "./solve/status.ts";
export {
  solveTimeTransformed,
  type TimeTransformedOptions,
  type TimeTransformedSolution,
} from "./solve/time-transformed.ts";
export { blanesMoanNystrom4 } from "./solver/blanes-moan-nystrom4.ts";
export { blanesMoanNystrom6 } from "./solver/blanes-moan-nystrom6.ts";
export { blanesMoan4 } from "./solver/blanes-moan4.ts";
export { blanesMoan6 } from "./solver/blanes-moan6.ts";
export { bosh3 } from "./solver/bosh3.ts";
export { calvoSanzSerna4 } from "./solver/calvo-sanz-serna4.ts";
export { compensated } from "./solver/compensated.ts";
export { dop853 } from "./solver/dop853.ts";
export { dopri5 } from "./solver/dopri5.ts";
export { dprkn6 } from "./solver/dprkn6.ts";
export { euler } from "./solver/euler.ts";
export { heun } from "./solver/heun.ts";
export { mclachlanAtela4 } from "./solver/mclachlan-atela4.ts";
export { mclachlan4 } from "./solver/mclachlan4.ts";
export { mclachlan6 } from "./solver/mclachlan6.ts";
export { midpoint } from "./solver/midpoint.ts";
export { nystrom4 } from "./solver/nystrom4.ts";
export { solverNamed, solvers } from "./solver/registry.ts";
export { type ReversibleSolver, reversible } from "./solver/reversible.ts";
export { rk4 } from "./solver/rk4.ts";
export type { Field, FieldForm, Solver, SolverStep, Structure } from "./solver/solver.ts";
export { stormerVerlet } from "./solver/stormer-verlet.ts";
export { symplecticEuler } from "./solver/symplectic-euler.ts";
export { canonicalForm, doubledForm, type SymplecticForm } from "./solver/symplectic-form.ts";
export { type TaoOptions, tao } from "./solver/tao.ts";
export { tsit5 } from "./solver/tsit5.ts";
export { velocityVerlet } from "./solver/velocity-verlet.ts";
export { vern7 } from "./solver/vern7.ts";
export { yoshida4 } from "./solver/yoshida4.ts";
export { yoshida6 } from "./solver/yoshida6.ts";
export { yoshida8 } from "./solver/yoshida8.ts";
export { type PiOptions, pi } from "./step-size/pi.ts";
export { type PidOptions, pid } from "./step-size/pid.ts";
export {
  type AdaptiveStepSize,
  type ConstantStepSize,
  constantStepSize,
  type StepSize,
} from "./step-size/step-size.ts";
export { type Arithmetic, numberArithmetic, tensorArithmetic, type Value } from "./system/arithmetic.ts";
export type { ControlSignal } from "./system/control-signal.ts";
export type { SystemCoordinate, SystemRate } from "./system/coordinate.ts";
export { defineSystem, type SystemOptions } from "./system/define-system.ts";
export type { Drawing, DrawnPoint } from "./system/drawing.ts";
export { parametersOf } from "./system/parameters-of.ts";
export { type SimulateOptions, type Simulation, simulate } from "./system/simulate.ts";
export type { Invariant, Symmetry, System } from "./system/system.ts";
export { systemAcceleration } from "./system/system-acceleration.ts";
export { type FreeParameters, systemField, systemScalar } from "./system/system-field.ts";
export { type SystemFamily, systemFamilies, systemNamed, systems } from "./system/systems.ts";
export { calibrateBand } from "./train/calibrate-band.ts";
export type { CheckpointMoment, Checkpoints, Fact, SavedState } from "./train/checkpoint.ts";
export { derivativeMatching } from "./train/derivative-matching.ts";
export type { Certificate } from "./train/diagnose/certificate.ts";
export { type DiagnoseDataOptions, diagnoseData } from "./train/diagnose/diagnose-data.ts";
export type { DiagnoseMotionOptions, DiagnoseProgress } from "./train/diagnose/diagnose-field.ts";
export { type DiagnoseSystemOptions, diagnoseSystem } from "./train/diagnose/diagnose-system.ts";
export type { MetricFinding } from "./train/diagnose/fitted-metric.ts";
export type { MotionCoverage, MotionDiagnosis, MotionDivergence } from "./train/diagnose/motion-diagnosis.ts";
export type { MotionEnergyLoss } from "./train/diagnose/motion-energy-loss.ts";
export type { ReasonedVerdict, Verdict, Verdicts, VerdictThresholds } from "./train/diagnose/verdicts.ts";
export { fit } from "./train/fit.ts";
export type { FitAnswers, FitJob, TrainedMember } from "./train/fit-job.ts";
export { type FitMetricOptions, type FittedMetric, fitMetric, type MetricCurveRow } from "./train/fit-metric.ts";
export type { FitOptions } from "./train/fit-options.ts";
export { fitShares } from "./train/fit-setting.ts";
export {
  type FitBrief,
  type FitNews,
  type FitOrder,
  type FitWorker,
  type FitWorkers,
  fitWorker,
} from "./train/fit-worker.ts";
export { type ForecastHorizon, forecastHorizon, horizonOf, type Start } from "./train/forecast-horizon.ts";
export { type ForecastPanel, forecastPanels } from "./train/forecast-panels.ts";
export { type LagrangianRecipe, lagrangianObjective } from "./train/lagrangian-objective.ts";
export { type MedianInterval, medianInterval } from "./train/median-interval.ts";
export type { TrainingRow } from "./train/member.ts";
export type { MetricQuestion } from "./train/metric-terms.ts";
export type { MotionFacts } from "./train/motion-facts.ts";
export type { MotionRecipe, ScaledTrajectories } from "./train/motion-objective.ts";
export type { Movement } from "./train/movement.ts";
export {
  derivativeObjective,
  type Objective,
  type ObjectiveOptions,
  type RolloutOptions,
  rolloutObjective,
} from "./train/objective.ts";
export { counted, formatted, listed } from "./train/plain-words.ts";
export type { Quantity } from "./train/quantity.ts";
export { type RankingScale, rankingScale } from "./train/ranking-scale.ts";
export { type RefinedMetric, type RefineMetricOptions, refineMetric } from "./train/refine-metric.ts";
export type { RankingRow, Run, RunMember } from "./train/run.ts";
export type { Progress, RunControl } from "./train/run-control.ts";
export { type PieceScore, relativeError, type Score, scoreOf } from "./train/score.ts";
export type { PlainSentence } from "./train/sentences.ts";
export { shooting } from "./train/shooting.ts";
export type { TestForecast } from "./train/test-forecast.ts";
export {
  type TrainedLagrangianOde,
  type TrainLagrangianOdeOptions,
  trainLagrangianOde,
} from "./train/train-lagrangian-ode.ts";
export { type TrainedParameters, type TrainModelOptions, trainModel } from "./train/train-model.ts";
export {
  type TrainedMotion,
  type TrainMotionData,
  type TrainMotionOptions,
  trainMotion,
} from "./train/train-motion.ts";
export { cutWindows, type Windows } from "./train/window.ts";
