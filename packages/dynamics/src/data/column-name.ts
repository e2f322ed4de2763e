/**
 * What a column's name says: its role, its unit, and (for a rate) the coordinate it belongs to.
 *
 * In: a header text such as `theta1 [deg]`, `t_ms`, `dx/dt`, `ω (rad/s)`. Out: the short name, the unit written in it,
 * and a guess of the role. Names of the field's own habit are one table of rules here, first match wins.
 * Deliberately not done: deciding. The plan of the table (`column-plan.ts`) weighs names against units and flags.
 */

import type { Role } from "./reading.ts";
import { parseUnit, type Unit, unitNamed } from "./unit.ts";

/** A header text taken apart. */
export interface HeaderParts {
  readonly name: string;
  /** The unit in brackets, after a slash or after an underscore; null when there is none. */
  readonly unit: Unit | null;
}

/** Unit endings without brackets (`t_ms`, `theta_deg`) that cannot be mistaken for words; others need a fitting name. */
const safeEndings: Readonly<Record<string, string>> = {
  ms: "ms",
  us: "us",
  deg: "deg",
  rad: "rad",
  mm: "mm",
  cm: "cm",
  rpm: "rpm",
  volt: "V",
  volts: "V",
  V: "V",
  A: "A",
  N: "N",
  Nm: "N m",
  rads: "rad/s",
  rad_s: "rad/s",
  rad_per_s: "rad/s",
  degs: "deg/s",
  deg_s: "deg/s",
  deg_per_s: "deg/s",
  dps: "deg/s",
  m_s: "m/s",
  mps: "m/s",
  m_per_s: "m/s",
  mm_s: "mm/s",
  cm_s: "cm/s",
};

const timeEndings: readonly string[] = ["s", "sec", "seconds", "min", "h"];
const lengthEndings: readonly string[] = ["m", "in"];

/** A longer text is no name; the bound also keeps hostile headers from costing time. */
const longestName = 100;

/** Takes a header text apart into name and unit. */
export function splitHeader(header: string): HeaderParts {
  if (header.length > longestName) return { name: header, unit: null };
  const bracketed = /^(.*?)\s*[[({<]\s*([^\])}>]*?)\s*[\])}>]$/.exec(header);
  if (bracketed !== null && bracketed[1] !== "") {
    const symbol = bracketed[2] as string;
    return { name: (bracketed[1] as string).trim(), unit: symbol === "" ? null : unitNamed(symbol) };
  }
  if (/\/\s*d_?t$/i.test(header)) return { name: header, unit: null };
  const quotient = /^([^/\s]+)\s*\/\s*(\S+)$/.exec(header);
  const divisor = quotient === null ? null : parseUnit(quotient[2] as string);
  if (quotient !== null && divisor !== null) return { name: quotient[1] as string, unit: divisor };
  return { name: header, unit: unitOfEnding(header) };
}

function unitOfEnding(name: string): Unit | null {
  const match = /^(.+?)_((?:rad|deg|m|mm|cm)_(?:per_)?s|[A-Za-z]+)$/.exec(name);
  if (match === null) return null;
  const [, stem, ending] = match as unknown as [string, string, string];
  if (Object.hasOwn(safeEndings, ending)) return parseUnit(safeEndings[ending] as string);
  const role = roleOfName(stem);
  if (role === "time" && timeEndings.includes(ending)) return parseUnit(ending);
  if (role === "coordinate" && lengthEndings.includes(ending)) return parseUnit(ending);
  return null;
}

const greek: Readonly<Record<string, string>> = {
  θ: "theta",
  ϑ: "theta",
  ω: "omega",
  φ: "phi",
  ϕ: "phi",
  ψ: "psi",
  τ: "tau",
};

/** A name in lower case Latin letters, digits and underscores. */
export function plainName(name: string): string {
  const latin = name.replace(/[θϑωφϕψτ]/g, (letter) => greek[letter] as string);
  return latin
    .normalize("NFD")
    .replaceAll("\u0307", "dot")
    .replace(/[\u0300-\u036f]/g, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "");
}

const suffix = "(?:_?\\d+|_[a-z]+\\d*)?";
const number = "(?:_?\\d+)?";

type Rule = readonly [role: Role, pattern: RegExp];

/** First match wins: what is derived or commanded is told apart before what is measured. */
const rules: readonly Rule[] = [
  [
    "trajectory",
    /^(trajectory|traj|trial|run|segment|seg|episode|experiment|series|sequence|shot|swing)(_?(id|no|nr|number|index|name))?$/,
  ],
  ["split", /^(split|subset|fold|partition|usage|phase_split)$/],
  [
    "time",
    /^(t|time|times|timestamp|time_?stamp|elapsed|elapsed_time|zeit|temps|year|years|day|days|hour|hours|seconds?)$/,
  ],
  ["time", /^(t|time|timestamp)_(s|sec|seconds|ms|us|ns|min|h)$/],
  ["trigger", /^(trigger|trig|sync)$/],
  ["valid", /^(valid|is_?valid|ok|good)$/],
  ["sigma", /^(sigma|std|stderr|sd|error|err|uncertainty)_\w+$/],
  ["sigma", /^\w+_(sigma|std|stderr|sd|error|err|uncertainty)$/],
  [
    "ignore",
    /^(index|idx|row|row_?\w*|sample|sample_?(no|nr|index)|no|nr|frame|unnamed\w*|comment|comments|note|notes)$/,
  ],
  ["ignore", /^(energy|kinetic\w*|potential\w*|hamiltonian|lagrangian)$/],
  [
    "ignore",
    new RegExp(
      `^(a|acc|accel|acceleration|angular_?acceleration|alpha_?acc|a[xyz]|acc_?[xyz]|dd_?[a-z]+|[a-z]+_?ddot|d2\\w+)${number}$`,
    ),
  ],
  ["control", /^\w+_(ref|reference|set|setpoint|target|desired|des|cmd|command)$/],
  [
    "control",
    new RegExp(
      `^(u|control|input|motor|mot|voltage|volts?|torque|tau|force|cmd|command|pwm|current|thrust|action|drive)${suffix}$`,
    ),
  ],
  ["velocity", /^\w+?_?(dot|rate|vel|velocity|speed)(_?\d+)?$/],
  ["velocity", /^d_?[a-z]+\d*_?d_?t$/],
  ["velocity", /^d_?(theta|phi|psi|angle|q|x|y|z|r)(_?\d+)?$/],
  [
    "velocity",
    new RegExp(`^(omega|w|v|vel|velocity|speed|angular_?(velocity|speed|rate)|angvel|gyro|v_?[xyz])${number}$`),
  ],
  ["velocity", /^(gyro|omega|v|vel|velocity)_[a-z]+\d*$/],
  ["momentum", new RegExp(`^(p|momentum|p_?[xyz]|p_(theta|phi|psi|q|r))${number}$`)],
  ["angle", new RegExp(`^(theta|phi|psi|angle|ang|yaw|pitch|roll|heading)${suffix}$`)],
  [
    "coordinate",
    new RegExp(`^(q|x|y|z|pos|position|displacement|disp|height|distance|elongation|extension|coordinate)${suffix}$`),
  ],
  ["context", /^(mass|damping|friction|stiffness|gravity|temperature)(_?\d+)?$/],
];

/** The role that a name stands for in this field, or null. A unit ending (`theta_deg`) does not change it. */
export function roleOfName(name: string): Role | null {
  if (name.length > longestName) return null;
  const plain = plainName(name);
  return rules.find(([, pattern]) => pattern.test(plain))?.[0] ?? null;
}

/** Units that a time column's name states by itself. */
export function unitOfTimeName(name: string): Unit | null {
  const match = /^(year|day|hour|second)s?$/.exec(plainName(name));
  return match === null ? null : unitNamed(match[1] as string);
}

/**
 * The names a rate may have for its coordinate to be `coordinate`: `theta1` with `theta1_dot`, `omega1`, `w1`;
 * `x` with `v`, `xdot`; `enc` with `enc_rate`.
 */
export function isRateOf(velocity: string, coordinate: string, isAngle: boolean): boolean {
  const rate = plainName(velocity);
  const own = plainName(stripUnitEnding(coordinate));
  const [, stem, digits] = /^(.*?)_?(\d*)$/.exec(own) as unknown as [string, string, string];
  const bare = plainName(stripUnitEnding(velocity));
  const rates = ["dot", "rate", "vel", "velocity", "speed"];
  const candidates = [
    ...rates.flatMap((word) => [
      `${own}${word}`,
      `${own}_${word}`,
      `${stem}${word}${digits}`,
      `${stem}_${word}${digits}`,
    ]),
    ...rates.flatMap((word) => [`${stem}_${word}_${digits}`, `${stem}${word}_${digits}`]),
    ...["d", "d_", "v_", "vel_", "velocity_", "omega_", "w_"].map((prefix) => `${prefix}${own}`),
    ...["v", "vel", "velocity", "speed"].flatMap((word) => [`${word}${digits}`, `${word}_${digits}`]),
    `d${own}dt`,
    `d${own}_dt`,
    `v${own}`,
    ...(isAngle ? ["omega", "w", "gyro", "angvel"].flatMap((word) => [`${word}${digits}`, `${word}_${digits}`]) : []),
    ...(stem === "o" ? [`w${digits}`] : []),
  ];
  return candidates.includes(rate) || candidates.includes(bare);
}

/** The names a momentum may have: `q1` with `p1`, `x` with `px` or `p`. */
export function isMomentumOf(momentum: string, coordinate: string): boolean {
  const own = plainName(coordinate);
  const digits = /\d*$/.exec(own)?.[0] ?? "";
  const name = plainName(momentum);
  return [`p${digits}`, `p_${digits}`, `p${own}`, `p_${own}`, `momentum${digits}`, `momentum_${own}`].includes(name);
}

/** A name without its unit ending: `omega_rad_s` gives `omega`. */
export function stripUnitEnding(name: string): string {
  return name.length > longestName || unitOfEnding(name) === null
    ? name
    : name.replace(/_((?:rad|deg|m|mm|cm)_(?:per_)?s|[A-Za-z]+)$/, "");
}
