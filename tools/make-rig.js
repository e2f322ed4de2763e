// A rig as measurements come from it: a damped pendulum on an encoder (degrees), driven by a motor (volts, 20 ms late),
// with a trigger some time into each file, and faults put in on purpose. Every fault is listed, so that a test can hold
// `inspect` to naming all of them and nothing else. Own data, MIT.
//
// `node tools/make-rig.js FOLDER [ROWS_PER_SECOND]` writes the twelve files of `examples/rig` (1000 rows in a second
// when nothing is said).
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

/**
 * Faults by kind; each names the numbers of the files it is put into, from 0.
 * @typedef {object} Faults
 * @property {readonly number[]} [missing] 2 % of the encoder's cells are empty
 * @property {readonly number[]} [nan] 2 % of the encoder's cells hold NaN
 * @property {readonly number[]} [code] 2 % of the encoder's cells hold -999
 * @property {readonly number[]} [dropout] 2 % of the rows are not there
 * @property {readonly number[]} [gap] a piece of 0.3 s is not there
 * @property {readonly number[]} [frozen] the encoder hangs for a while
 * @property {readonly number[]} [spike] single values are far off
 * @property {readonly number[]} [repeatedRow] a row stands there twice
 * @property {readonly number[]} [duplicateTime] a row has the time of the one before
 * @property {readonly number[]} [backwardTime] a row has an earlier time
 * @property {readonly number[]} [decimalComma] semicolons and decimal commas
 * @property {readonly number[]} [noMotor] the column of the motor is not there
 * @property {readonly number[]} [slow] every second row only
 * @property {boolean} [deadMotor] the motor is at 0 V in all files
 * @property {boolean} [turning] the pendulum turns over, written from -180 to 180
 * @property {boolean} [copied] a second column repeats the encoder in radians
 * @property {boolean} [bare] the angle has no unit in its header
 */

/**
 * @typedef {object} RigOptions
 * @property {number} seed
 * @property {number} files
 * @property {number} seconds length of each file
 * @property {number} rate rows in a second
 * @property {number} [counts] of the encoder in a turn; 4096
 * @property {boolean} [trigger] whether there is a trigger column; true
 * @property {Faults} faults
 */

/**
 * A fault that was put in: its kind in the words of `inspect`, its file (null: told once for all), its column, its line.
 * @typedef {{ kind: string, file: string | null, column: string | null, line: number | null }} PutIn
 */

/** `marks` tell which faults begin in the row. @typedef {{ t: number, angle: string, volt: number, trigger: number, marks?: string[] }} Row */

const columnEnc = "enc";

/**
 * @param {RigOptions} options
 * @returns {{ files: Record<string, string>, putIn: PutIn[] }}
 */
export function makeRig(options) {
  const random = randomOf(options.seed);
  const { faults } = options;
  /** @type {Record<string, string>} */
  const files = {};
  /** @type {PutIn[]} */
  const putIn = [];
  /** @param {string} kind @param {string | null} column */
  const always = (kind, column) => void putIn.push({ kind, file: null, column, line: null });
  always("quantum", columnEnc);
  if (options.trigger !== false) always("trigger-offset", "trig");
  if (faults.deadMotor === true) always("constant", "mot");
  if (faults.turning === true) always("wrapped", columnEnc);
  if (faults.copied === true) always("repeated-column", "copy");
  if (faults.bare === true) always("degrees-as-radians", columnEnc);
  for (let index = 0; index < options.files; index++) {
    const name = `run${String(index + 1).padStart(2, "0")}.csv`;
    const { rows, found } = spoil(record(options, random), index, options, random);
    files[name] = textOf(rows, index, options);
    for (const { kind, column, line } of found) putIn.push({ kind, column, file: name, line });
  }
  return { files, putIn };
}

/** Numbers from 0 to 1 that a seed gives (Marsaglia, 2003, Xorshift RNGs). @param {number} seed */
function randomOf(seed) {
  let state = (Math.imul(seed + 1, 0x9e3779b9) ^ 0x5bd1e995) >>> 0 || 1;
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 2 ** 32;
  };
  for (let round = 0; round < 16; round++) next();
  return next;
}

/**
 * One file without faults: held until the trigger, then let go and driven.
 * @param {RigOptions} options @param {() => number} random @returns {Row[]}
 */
function record({ seconds, rate, counts = 4096, trigger = true, faults }, random) {
  const h = 1 / 1000;
  const start = trigger ? 0.2 + 0.4 * random() : 0;
  const sign = random() < 0.5 ? -1 : 1;
  const turning = faults.turning === true;
  let [theta, omega] = turning ? [0.1, sign * (16 + 4 * random())] : [sign * (0.4 + 0.5 * random()), 0];
  const drive = faults.deadMotor === true ? () => 0 : driveOf(random, start);
  /** @type {Row[]} */
  const rows = [];
  const every = Math.round(1000 / rate);
  for (let tick = 0; tick <= seconds * 1000; tick++) {
    const t = tick * h;
    if (tick % every === 0) {
      const count = Math.round((theta * counts) / (2 * Math.PI));
      const degrees = (count * 360) / counts;
      const shown = turning ? degrees - 360 * Math.round(degrees / 360) : degrees;
      const triggered = t >= start ? 1 : 0;
      rows.push({ t, angle: shown.toFixed(3), volt: drive(t), trigger: triggered });
    }
    if (t >= start || turning) [theta, omega] = step(theta, omega, h, drive(t - 0.02));
  }
  return rows;
}

/** A sum of three slow sines in volts, written with two decimals. @param {() => number} random @param {number} start */
function driveOf(random, start) {
  const parts = [1, 2, 3].map(() => ({ size: 0.4 + 0.6 * random(), rate: 1 + 6 * random(), phase: 6.28 * random() }));
  return (/** @type {number} */ t) => {
    const sum = parts.reduce((all, { size, rate, phase }) => all + size * Math.sin(rate * (t - start) + phase), 0);
    return t < start ? 0 : Math.round(sum * 100) / 100;
  };
}

/**
 * The pendulum of 0.25 m with friction and a motor, one step of Runge and Kutta.
 * @param {number} theta @param {number} omega @param {number} h @param {number} volt @returns {[number, number]}
 */
function step(theta, omega, h, volt) {
  /** @param {number} q @param {number} v */
  const force = (q, v) => -39.24 * Math.sin(q) - 0.25 * v + 3 * volt;
  const [a1, v1] = [force(theta, omega), omega];
  const [a2, v2] = [force(theta + (h / 2) * v1, omega + (h / 2) * a1), omega + (h / 2) * a1];
  const [a3, v3] = [force(theta + (h / 2) * v2, omega + (h / 2) * a2), omega + (h / 2) * a2];
  const [a4, v4] = [force(theta + h * v3, omega + h * a3), omega + h * a3];
  return [theta + (h / 6) * (v1 + 2 * v2 + 2 * v3 + v4), omega + (h / 6) * (a1 + 2 * a2 + 2 * a3 + a4)];
}

/**
 * Puts the faults of one file in: first rows that are lost, then values, then times. A row that was marked is left alone
 * by later faults. Lines are those of the text: the header is line 1.
 * @param {Row[]} clean @param {number} index @param {RigOptions} options @param {() => number} random
 */
function spoil(clean, index, { faults, rate, counts = 4096 }, random) {
  const has = (/** @type {readonly number[] | undefined} */ files) => files?.includes(index) === true;
  const rows = lose(clean, has, { faults, rate }, random);
  /** A row well inside the motion that nothing was done to, nor to those around it. */
  const inside = () => {
    for (;;) {
      const at = Math.floor(rows.length * (0.3 + 0.6 * random()));
      if (rows.slice(at - 12, at + 12).every(({ marks }) => marks === undefined)) return at;
    }
  };
  /** @param {number} at @param {string} mark @param {Partial<Row>} change */
  const mark = (at, mark, change = {}) => {
    const row = /** @type {Row} */ (rows[at]);
    rows[at] = { ...row, ...change, marks: [...(row.marks ?? []), mark] };
  };
  if (has(faults.frozen)) {
    const [from, to] = hang(rows, rate, counts, random);
    const angle = rows[from]?.angle ?? "";
    mark(from, `frozen ${columnEnc}`);
    for (let row = from + 1; row < to; row++) rows[row] = { .../** @type {Row} */ (rows[row]), angle };
  }
  if (has(faults.spike)) {
    const at = inside();
    const away = Number(rows[at]?.angle) + (random() < 0.5 ? -1 : 1) * (20 + 40 * random());
    mark(at, `spike ${columnEnc}`, { angle: onGrid(away, counts) });
  }
  for (const [files, kind, cell] of /** @type {const} */ ([
    [faults.missing, "missing", ""],
    [faults.nan, "missing", "NaN"],
    [faults.code, "missing-code", "-999"],
  ])) {
    if (!has(files)) continue;
    for (let row = 1; row < rows.length; row++) {
      if (random() < 0.02 && rows[row]?.marks === undefined) mark(row, `${kind} ${columnEnc}`, { angle: cell });
    }
  }
  spoilClock(rows, { has, mark, inside }, faults, counts);
  const found = rows.flatMap(({ marks = [] }, row) => marks.map((each) => ({ each, line: row + 2 })));
  return {
    rows,
    found: [...ofWholeFile(has, faults), ...found.map(({ each, line }) => ({ ...kindAndColumn(each), line }))],
  };
}

/** @param {string} mark */
function kindAndColumn(mark) {
  const [kind = "", column = null] = mark.split(" ");
  return { kind, column };
}

/** @param {(files: readonly number[] | undefined) => boolean} has @param {Faults} faults */
function ofWholeFile(has, faults) {
  return [
    ...(has(faults.slow) ? [{ kind: "differing-rate", column: "t", line: null }] : []),
    ...(has(faults.dropout) ? [{ kind: "dropout", column: "t", line: null }] : []),
    ...(has(faults.decimalComma) ? [{ kind: "differing-format", column: null, line: null }] : []),
    ...(has(faults.noMotor) ? [{ kind: "differing-columns", column: "mot", line: 1 }] : []),
  ];
}

/**
 * Rows that are lost. @param {Row[]} clean @param {(files: readonly number[] | undefined) => boolean} has
 * @param {Pick<RigOptions, "faults" | "rate">} options @param {() => number} random
 */
function lose(clean, has, { faults, rate }, random) {
  const rows = clean.filter((_, row) => !has(faults.slow) || row % 2 === 0);
  if (has(faults.gap)) {
    const at = Math.floor(rows.length * (0.3 + 0.5 * random()));
    rows.splice(at, Math.ceil(0.3 * rate));
    rows[at - 1] = { .../** @type {Row} */ (rows[at - 1]), marks: ["gap t"] };
  }
  if (!has(faults.dropout)) return rows;
  return rows.filter(({ marks }, row) => row < 5 || row > rows.length - 5 || marks !== undefined || random() >= 0.02);
}

/**
 * @param {Row[]} rows
 * @param {{ has: (files: readonly number[] | undefined) => boolean, mark: (at: number, mark: string, change?: Partial<Row>) => void, inside: () => number }} put
 * @param {Faults} faults @param {number} counts
 */
function spoilClock(rows, { has, mark, inside }, faults, counts) {
  if (has(faults.repeatedRow)) {
    const at = inside();
    rows.splice(at, 0, { .../** @type {Row} */ (rows[at - 1]) });
    mark(at, "repeated-row t");
  }
  if (has(faults.duplicateTime)) {
    const at = inside();
    const before = /** @type {Row} */ (rows[at - 1]);
    const angle = onGrid(Number(before.angle) + 360 / counts, counts);
    rows.splice(at, 0, { ...before });
    mark(at, "duplicate-time t", { angle });
  }
  if (has(faults.backwardTime)) {
    const at = inside();
    mark(at, "backward-time t", { t: /** @type {Row} */ (rows[at - 10]).t });
  }
}

/**
 * Where the encoder hangs: a stretch in which the motion goes on by 3 degrees at least.
 * @param {Row[]} rows @param {number} rate @param {number} counts @param {() => number} random
 * @returns {[number, number]}
 */
function hang(rows, rate, counts, random) {
  for (;;) {
    const length = Math.round(rate * (0.1 + 0.3 * random()));
    const from = Math.floor(rows.length * (0.3 + 0.5 * random()));
    const held = Number(rows[from]?.angle);
    const away = rows.slice(from, from + length).map(({ angle }) => Math.abs(Number(angle) - held));
    if (Math.max(...away) > Math.max(3, (20 * 360) / counts)) return [from, from + length];
  }
}

/** @param {number} degrees @param {number} counts */
function onGrid(degrees, counts) {
  return ((Math.round((degrees * counts) / 360) * 360) / counts).toFixed(3);
}

/** @param {Row[]} rows @param {number} index @param {RigOptions} options */
function textOf(rows, index, { faults, trigger = true }) {
  const hasMotor = faults.noMotor?.includes(index) !== true;
  const angle = faults.bare === true ? "enc" : "enc [deg]";
  const header = ["t [s]", angle, ...(hasMotor ? ["mot [V]"] : []), ...(trigger ? ["trig"] : [])];
  const lines = rows.map((row) => [
    row.t.toFixed(3),
    row.angle,
    ...(hasMotor ? [row.volt.toFixed(2)] : []),
    ...(trigger ? [String(row.trigger)] : []),
    ...(faults.copied === true
      ? [["", "NaN", "-999"].includes(row.angle) ? row.angle : String((Number(row.angle) * Math.PI) / 180)]
      : []),
  ]);
  const all = [[...header, ...(faults.copied === true ? ["copy [rad]"] : [])], ...lines];
  if (faults.decimalComma?.includes(index) !== true) return `${all.map((cells) => cells.join(",")).join("\n")}\n`;
  return `${all.map((cells) => cells.join(";").replaceAll(".", ",")).join("\n")}\n`;
}

/** The rig of the examples. @type {Omit<RigOptions, "rate">} */
export const exampleRig = {
  seed: 7,
  files: 12,
  seconds: 10,
  faults: { missing: Array.from({ length: 12 }, (_, index) => index), frozen: [6], decimalComma: [8] },
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [folder = "rig", rate = "1000"] = process.argv.slice(2);
  const { files } = makeRig({ ...exampleRig, rate: Number(rate) });
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
  process.stderr.write(`${folder}: ${Object.keys(files).length} files\n`);
}
