/**
 * `npm run bench:tables -- [--rows 1000000] [--long 5000000] [--json FILE]`: tables of six columns, read.
 *
 * A table of `rows` rows is read whole; one of `long` rows is read in pieces from its file, and every row that is kept is
 * the mean of so many that 300 000 remain. Each reading has a process of its own: seconds on the clock and of the
 * processor from the open file to the data set with its reading and its hash, and the largest memory the process ever
 * had. The files are written to the temporary folder and removed.
 */
import { spawnSync } from "node:child_process";
import {
  closeSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { type Dataset, datasetOf, decodePieces, decodeText, textSource } from "@leastaction/dynamics";
import { describeMachine } from "./report/machine.ts";

/** One reading. */
interface Row {
  readonly way: "whole" | "pieces";
  readonly rows: number;
  readonly megabytes: number;
  /** Rows of which one, their mean, is kept. */
  readonly every: number;
  readonly kept: number;
  readonly seconds: number;
  readonly processorSeconds: number;
  readonly peakMegabytes: number;
}

const pieceBytes = 1 << 18;
const keptRows = 300_000;

const { values } = parseArgs({
  options: {
    rows: { type: "string", default: "1000000" },
    long: { type: "string", default: "5000000" },
    json: { type: "string" },
    read: { type: "string" },
    every: { type: "string", default: "1" },
  },
});
if (values.read === undefined) measureAll();
else console.log(JSON.stringify(measureOne(values.read, Number(values.every))));

function measureAll(): void {
  const folder = mkdtempSync(path.join(tmpdir(), "leastaction-tables-"));
  const results: Row[] = [];
  try {
    for (const [rows, every] of [
      [Number(values.rows), 1],
      [Number(values.long), Math.max(2, Math.ceil(Number(values.long) / keptRows))],
    ] as const) {
      const file = path.join(folder, `${rows}.csv`);
      writeSwing(file, rows);
      const script = fileURLToPath(import.meta.url);
      const child = spawnSync(process.execPath, [script, "--read", file, "--every", String(every)], {
        encoding: "utf8",
      });
      if (child.status !== 0) throw new Error(child.stderr);
      results.push({ ...(JSON.parse(child.stdout) as Row), rows });
      rmSync(file);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  console.table(results);
  if (values.json !== undefined) {
    writeFileSync(values.json, `${JSON.stringify({ machine: describeMachine(), rows: results }, null, 2)}\n`);
  }
}

function measureOne(file: string, every: number): Omit<Row, "rows"> {
  const before = process.cpuUsage();
  const start = performance.now();
  const { trajectories } = every === 1 ? readWhole(file) : readPieces(file, every);
  const { user, system } = process.cpuUsage(before);
  return {
    way: every === 1 ? "whole" : "pieces",
    megabytes: Math.round(statSync(file).size / 1e6),
    every,
    kept: trajectories[0]?.times.length ?? 0,
    seconds: round((performance.now() - start) / 1e3),
    processorSeconds: round((user + system) / 1e6),
    peakMegabytes: Math.round(process.resourceUsage().maxRSS / 1e3),
  };
}

function readWhole(file: string): Dataset {
  return datasetOf([textSource(decodeText(readFileSync(file)).text, { name: file })]);
}

function readPieces(file: string, every: number): Dataset {
  const text = decodePieces(() => piecesOf(file));
  return datasetOf([textSource(text, { name: file, mean: every, size: statSync(file).size })]);
}

function* piecesOf(file: string): Generator<Uint8Array> {
  const opened = openSync(file, "r");
  try {
    const piece = new Uint8Array(pieceBytes);
    for (;;) {
      const count = readSync(opened, piece);
      if (count === 0) return;
      yield piece.subarray(0, count);
    }
  } finally {
    closeSync(opened);
  }
}

/** A swing with a motor and a cart, at 2 kHz. */
function writeSwing(file: string, rows: number): void {
  const opened = openSync(file, "w");
  let lines = "t,theta [deg],omega [deg/s],mot [V],x [m],v [m/s]\n";
  for (let row = 0; row < rows; row++) {
    const t = row / 2000;
    const [swing, cart] = [5 * t, 3 * t];
    const arm = `${(30 * Math.cos(swing)).toFixed(6)},${(-150 * Math.sin(swing)).toFixed(6)}`;
    const slide = `${(0.1 * Math.cos(cart)).toFixed(7)},${(-0.3 * Math.sin(cart)).toFixed(7)}`;
    lines += `${t.toFixed(4)},${arm},${Math.sin(t).toFixed(5)},${slide}\n`;
    if (lines.length < pieceBytes) continue;
    writeSync(opened, lines);
    lines = "";
  }
  writeSync(opened, lines);
  closeSync(opened);
}

function round(seconds: number): number {
  return Math.round(seconds * 100) / 100;
}
