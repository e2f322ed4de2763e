/**
 * The content of a report on a damped pendulum, made from the pendulum's own equation: for tests of the drawings and of
 * the page. The "forecast" is the same equation with a friction that is 20 % off.
 */
import type { ForecastPanel } from "@leastaction/dynamics";
import type { EnergyCurves, PhasePortrait, ReportContent, TrainingCurve } from "../report-content.ts";

const stiffness = 64;
const step = 0.01;
const count = 920;

interface Path {
  readonly times: Float64Array;
  readonly angle: Float64Array;
  readonly rate: Float64Array;
}

function pathFrom(angle0: number, rate0: number, damping: number): Path {
  const times = Float64Array.from({ length: count }, (_, index) => index * step);
  const angle = new Float64Array(count);
  const rate = new Float64Array(count);
  let [q, v] = [angle0, rate0];
  for (let index = 0; index < count; index++) {
    angle[index] = q;
    rate[index] = v;
    for (let sub = 0; sub < 10; sub++) {
      v += (step / 10) * (-stiffness * Math.sin(q) - damping * v);
      q += (step / 10) * v;
    }
  }
  return { times, angle, rate };
}

const truth: Path = pathFrom(1.2, 0, 0.1);
const forecast: Path = pathFrom(1.2, 0, 0.12);
const theta = { name: "theta1", unit: "rad" };
const seconds = { name: "t", unit: "s" };

function panel(trajectory: string): ForecastPanel {
  const half = truth.times.map((time) => 0.01 + 0.012 * time);
  return {
    trajectory,
    coordinate: theta,
    time: seconds,
    observedUntil: 0.5,
    times: truth.times,
    truth: truth.angle,
    forecast: forecast.angle,
    low: forecast.angle.map((value, index) => value - (half[index] as number)),
    high: forecast.angle.map((value, index) => value + (half[index] as number)),
    level: 0.9,
    rmse: 0.0123,
  };
}

function portrait(): PhasePortrait {
  const arrows = [];
  for (let x = -1.4; x <= 1.41; x += 0.2) {
    for (let y = -9; y <= 9.01; y += 1.5) arrows.push({ x, y, dx: y, dy: -stiffness * Math.sin(x) - 0.1 * y });
  }
  return {
    coordinate: theta,
    velocity: { name: "omega1", unit: "rad/s" },
    paths: [{ x: truth.angle, y: truth.rate }],
    arrows,
  };
}

function energies(): EnergyCurves {
  const energy = truth.angle.map((q, index) => (truth.rate[index] as number) ** 2 / 2 - stiffness * Math.cos(q));
  return {
    model: "dissipative-hamiltonian",
    time: seconds,
    unit: "rad²/s², per unit inertia",
    curves: [{ trajectory: "11", times: truth.times, energy }],
  };
}

function training(member: string, scale: number): TrainingCurve {
  const steps = Float64Array.from({ length: 300 }, (_, index) => index * 10);
  return {
    member,
    seed: 0,
    steps,
    loss: steps.map((at) => scale * (0.01 + Math.exp(-at / 400)) * (1 + 0.1 * Math.sin(at))),
    selection: steps.map((at, index) => (index % 20 === 0 ? scale * (0.03 + Math.exp(-at / 300)) : Number.NaN)),
  };
}

/** A complete content; every part is there. */
export const pendulumContent: ReportContent = {
  title: "theta1 in single.csv: a pendulum with friction",
  data: "single.csv: 11,001 rows, 12 trajectories",
  version: "0.1.0",
  date: "2026-11-21T06:00:00.000Z",
  sentences: [
    {
      about: "What moves",
      text: "theta1 swings with a period of 0.785 s near the middle and loses 7.5 % of its energy in each swing.",
    },
    {
      about: "How far to trust it",
      text: "On 2 unseen trajectories the forecast stays within 0.02 rad for 8.7 s (RMSE 0.0123 rad over 9.2 s); its 90 % band covered 91 % of them.",
    },
    {
      about: "Which model and why",
      text: "dissipative-hamiltonian: lowest rollout error on the selection data, 2.1 times below the pendulum equation.",
    },
    {
      about: "What was assumed",
      text: "theta1 is an angle in rad (declared); 200 Hz kept; velocities from a smoothing spline.",
    },
    {
      about: "What to record next",
      text: "Swings beyond 1.6 rad: the model has seen none, and its band is withheld there.",
    },
  ],
  forecasts: [panel("10"), panel("11")],
  undrawn: 2,
  horizon: [
    {
      coordinate: theta,
      time: seconds,
      horizons: truth.times.filter((_, index) => index % 46 === 0),
      rmse: truth.times.filter((_, index) => index % 46 === 0).map((time) => 0.003 + 0.0015 * time),
      halfWidth: truth.times.filter((_, index) => index % 46 === 0).map((time) => 0.01 + 0.003 * time),
    },
  ],
  phase: [portrait()],
  energy: energies(),
  training: [training("dissipative-hamiltonian", 1), training("neural-ode", 4)],
  ranking: [
    {
      model: "dissipative-hamiltonian",
      isWinner: true,
      kind: "network",
      seeds: 5,
      selection: { median: 0.0081, smallest: 0.0077, largest: 0.0102 },
      test: 0.0123,
      horizon: {
        limits: { theta1: 0.13 },
        median: 7.1,
        low: 5.2,
        high: null,
        confidence: 0.96,
        longest: 8.7,
        starts: 9,
        failures: 7,
        recordings: 2,
        independent: 8,
      },
      parameters: 4482,
      seconds: 31.2,
      note: "",
    },
    {
      model: "pendulum",
      isWinner: false,
      kind: "grey-box",
      seeds: 5,
      selection: { median: 0.0172, smallest: 0.0172, largest: 0.0172 },
      test: null,
      horizon: null,
      parameters: 5,
      seconds: 0.8,
      note: "",
    },
    {
      model: "hold",
      isWinner: false,
      kind: "baseline",
      seeds: 1,
      selection: { median: 0.84, smallest: 0.84, largest: 0.84 },
      test: null,
      horizon: null,
      parameters: 0,
      seconds: 0.001,
      note: "",
    },
  ],
  rankingMetric: "rollout RMSE, rad",
  time: "s",
  equation: {
    model: "sparse-regression",
    lines: ["theta'' = −(64.1 ± 0.3) sin(theta) − (0.067 ± 0.004) theta'"],
    units: "theta in deg and time in s",
  },
  constants: [{ name: "g/l", value: "64.1", interval: "± 0.3", unit: "1/s²", meaning: "gravity over length" }],
  reading: [
    { column: "t", role: "time", unit: "s", range: "0 to 9.2", decided: "by name", remark: "200 Hz" },
    { column: "theta1", role: "angle", unit: "rad", range: "−1.62 to 1.58", decided: "declared", remark: "" },
    {
      column: "omega1",
      role: "velocity",
      unit: "rad/s",
      range: "−11.2 to 11.0",
      decided: "by name",
      remark: "velocity of theta1",
    },
  ],
  readingSummary: "Comma-separated, header in line 1, 11,001 rows in 12 trajectories",
  uses: ["train: 0 to 7", "select: 8", "calibrate: 9", "test: 10 and 11, used once"],
  command: "leastaction fit single.csv --seed 0 --column theta1=angle:rad",
  repeatNotes: ["Data SHA-256 0123456789abcdef."],
  cannotKnow: ["Mass and length apart: only g/l is in the data.", "Anything beyond 1.62 rad <not seen>."],
  references: ["Greydanus, Dzamba, Yosinski: Hamiltonian Neural Networks. NeurIPS 2019. arXiv:1906.01563"],
};
