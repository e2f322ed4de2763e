/**
 * Units of measured columns: from the text a user writes to SI and back.
 *
 * In: `deg`, `rad/s`, `m s^-1`, `kg m/s`, `°/s`. Out: a plain `Unit` with its dimension and an exact ratio to SI.
 * The ratio is kept as numerator / denominator because dividing by 1000 rounds once where multiplying by 0.001 rounds
 * twice: a table in ms then reads to the same bits as the table in s.
 * The angle is a dimension of its own here, so that rad/s and 1/s differ.
 * Deliberately not done: units with an offset (degC) and logarithmic ones (dB); they read as unknown.
 */
import { hostMath } from "../host-math/host-math.ts";

/** Exponents of the base dimensions of this package. */
export interface Dimension {
  readonly length: number;
  readonly mass: number;
  readonly time: number;
  readonly current: number;
  readonly angle: number;
}

/** A unit as the user writes it. `known` is false for counts, pixels and words we do not know: numbers stay as they are. */
export interface Unit {
  /** As written by the user; "" when no unit is stated. */
  readonly symbol: string;
  readonly known: boolean;
  readonly dimension: Dimension;
  /** SI value = value * numerator / denominator. */
  readonly numerator: number;
  readonly denominator: number;
}

type Row = readonly [symbols: string, numerator: number, denominator: number, dimension: Partial<Dimension>];

const energy: Partial<Dimension> = { mass: 1, length: 2, time: -2 };
const voltage: Partial<Dimension> = { mass: 1, length: 2, time: -3, current: -1 };
const force: Partial<Dimension> = { mass: 1, length: 1, time: -2 };

const rows: readonly Row[] = [
  ["s sec secs second seconds", 1, 1, { time: 1 }],
  ["ms msec millisecond milliseconds", 1, 1e3, { time: 1 }],
  ["us µs μs usec microsecond microseconds", 1, 1e6, { time: 1 }],
  ["ns nanosecond nanoseconds", 1, 1e9, { time: 1 }],
  ["min minute minutes", 60, 1, { time: 1 }],
  ["h hr hour hours", 3600, 1, { time: 1 }],
  ["d day days", 86400, 1, { time: 1 }],
  ["yr year years", 31557600, 1, { time: 1 }],
  ["rad radian radians", 1, 1, { angle: 1 }],
  ["mrad", 1, 1e3, { angle: 1 }],
  ["deg degree degrees °", Math.PI, 180, { angle: 1 }],
  ["turn turns rev revs revolution revolutions", 2 * Math.PI, 1, { angle: 1 }],
  ["rpm", Math.PI, 30, { angle: 1, time: -1 }],
  ["dps", Math.PI, 180, { angle: 1, time: -1 }],
  ["m meter meters metre metres", 1, 1, { length: 1 }],
  ["km", 1e3, 1, { length: 1 }],
  ["cm", 1, 1e2, { length: 1 }],
  ["mm", 1, 1e3, { length: 1 }],
  ["um µm μm", 1, 1e6, { length: 1 }],
  ["nm", 1, 1e9, { length: 1 }],
  ["in inch inches", 254, 1e4, { length: 1 }],
  ["ft foot feet", 3048, 1e4, { length: 1 }],
  ["kg", 1, 1, { mass: 1 }],
  ["g gram grams", 1, 1e3, { mass: 1 }],
  ["Hz hz", 1, 1, { time: -1 }],
  ["kHz", 1e3, 1, { time: -1 }],
  ["N newton newtons", 1, 1, force],
  ["mN", 1, 1e3, force],
  ["kN", 1e3, 1, force],
  ["Nm", 1, 1, energy],
  ["J", 1, 1, energy],
  ["W", 1, 1, { mass: 1, length: 2, time: -3 }],
  ["V volt volts", 1, 1, voltage],
  ["mV", 1, 1e3, voltage],
  ["A amp amps ampere", 1, 1, { current: 1 }],
  ["mA", 1, 1e3, { current: 1 }],
];

/** Units that are counts of something: known words, no dimension, no conversion. */
const countedSymbols = ["1", "px", "pixel", "pixels", "count", "counts", "tick", "ticks", "frame", "frames", "%"];

const table: ReadonlyMap<string, Row> = new Map(
  rows.flatMap((row) => row[0].split(" ").map((symbol): [string, Row] => [symbol, row])),
);

const dimensionless: Dimension = Object.freeze({ length: 0, mass: 0, time: 0, current: 0, angle: 0 });
const axes = ["length", "mass", "time", "current", "angle"] as const;

/** The unit of a column that states none: numbers stay as they are. */
export const noUnit: Unit = Object.freeze({
  symbol: "",
  known: false,
  dimension: dimensionless,
  numerator: 1,
  denominator: 1,
});

/** All symbols `parseUnit` knows, for messages. */
export const knownUnitSymbols: readonly string[] = rows.map((row) => row[0].split(" ")[0] as string);

/**
 * The unit that a text names, or null when some part of it is unknown.
 * Accepts products (` `, `*`, `·`), quotients (`/`, ` per `) and integer powers (`^2`, `²`, `**-1`).
 */
export function parseUnit(text: string): Unit | null {
  const symbol = text.trim();
  if (countedSymbols.includes(symbol)) return Object.freeze({ ...noUnit, symbol });
  const factors = splitFactors(symbol);
  if (factors === null || factors.length === 0) return null;
  const exponents = { ...dimensionless } as Record<(typeof axes)[number], number>;
  let numerator = 1;
  let denominator = 1;
  for (const { row, power } of factors) {
    for (const axis of axes) exponents[axis] += power * (row[3][axis] ?? 0);
    const size = Math.abs(power);
    numerator *= hostMath.power(power > 0 ? row[1] : row[2], size);
    denominator *= hostMath.power(power > 0 ? row[2] : row[1], size);
  }
  return Object.freeze({ symbol, known: true, dimension: Object.freeze(exponents), numerator, denominator });
}

/** A unit by its symbol; a symbol that is not known becomes a counted unit with that name. */
export function unitNamed(symbol: string): Unit {
  return symbol === "" ? noUnit : (parseUnit(symbol) ?? Object.freeze({ ...noUnit, symbol }));
}

interface Factor {
  readonly row: Row;
  readonly power: number;
}

function splitFactors(symbol: string): Factor[] | null {
  const plain = symbol.replaceAll("²", "^2").replaceAll("³", "^3").replaceAll("⁻¹", "^-1").replaceAll("**", "^");
  const tokens = plain.replace(/\bper\b/g, "/").match(/[/*·.]|\^[+-]?\d|[A-Za-zµμ°]+|\S/g) ?? [];
  const factors: Factor[] = [];
  let sign = 1;
  for (const token of tokens) {
    const row = table.get(token);
    const last = factors.at(-1);
    if (row !== undefined) factors.push({ row, power: sign });
    else if (token === "/") sign = -1;
    else if (token.startsWith("^") && last !== undefined && token.length > 1) {
      factors[factors.length - 1] = { row: last.row, power: last.power * Number(token.slice(1)) };
    } else if (token !== "*" && token !== "·" && token !== ".") return null;
  }
  return factors;
}

/** A value in the user's unit, in SI. */
export function toSi(unit: Unit, value: number): number {
  return unit.numerator === unit.denominator ? value : (value * unit.numerator) / unit.denominator;
}

/** A value in SI, in the user's unit. */
export function fromSi(unit: Unit, value: number): number {
  return unit.numerator === unit.denominator ? value : (value * unit.denominator) / unit.numerator;
}

/** Whether a known unit has exactly these exponents. */
export function hasDimension(unit: Unit, dimension: Partial<Dimension>): boolean {
  return unit.known && axes.every((axis) => unit.dimension[axis] === (dimension[axis] ?? 0));
}

/** The unit of a rate of a quantity: `deg` gives `deg/s`; no unit gives none. */
export function rateUnit(unit: Unit): Unit {
  return unit.symbol === "" ? noUnit : unitNamed(`${unit.symbol}/s`);
}
