/**
 * Bad and odd data through the command line: one table. Each row is the files, the call, a part of what is said, and how
 * the program ends. Nothing else may come out on standard output, no fault of the program, and no file may appear.
 */
import { readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { main } from "./main.ts";
import { inFolder, memoryIo } from "./testing/memory-io.ts";
import { swingTable } from "./testing/swing-table.ts";

type Files = Readonly<Record<string, string | Uint8Array>>;
type Row = readonly [about: string, files: Files, call: string, status: number, said: string];

const good = swingTable(60);
/** The good table with one line replaced, counted as in the file: the header is line 1. */
const line = (at: number, text: string): string => swingTable(60, (own, index) => (index === at - 2 ? text : own));
/** The good table with each line changed. */
const each = (change: (line: string, index: number) => string, header = "t,theta"): string =>
  swingTable(60, change).replace("t,theta", header);
const latin = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const kept = (content: object): string =>
  JSON.stringify({ format: "leastaction-dataset", schema: 1, files: [], ...content });

const refused: readonly Row[] = [
  ["no such file", {}, "inspect a.csv", 3, "Cannot read a.csv: expected a file, got no file of that name"],
  ["a file as a folder", { "a.csv": good }, "inspect a.csv/b.csv", 3, "Check the path: a part of it is a file."],
  ["no data at all", {}, "inspect", 2, "expected a value for DATA, got none"],
  ["an empty folder", {}, "inspect .", 3, "Cannot read .: expected tables in the folder, got none"],
  ["a folder without tables", { "a.png": "x" }, "inspect .", 3, "expected tables in the folder, got a.png"],
  ["a folder of texts", { "README.txt": "x" }, "inspect .", 3, "expected tables in the folder, got README.txt"],
  ["a pattern without matches", { "a.csv": good }, "inspect b*.csv", 3, "expected files that match, got none"],
  ["a pattern in no folder", {}, "inspect no/*.csv", 3, "Cannot read no/*.csv: expected files that match, got none"],
  ["an empty file", { "a.csv": "" }, "inspect a.csv", 3, "expected a table of numbers, got no line of data"],
  ["blank lines", { "a.csv": "\n\n  \n" }, "inspect a.csv", 3, "expected a table of numbers, got no line of data"],
  ["comments alone", { "a.csv": "# t,x\n# 0,1\n" }, "inspect a.csv", 3, "got no line of data"],
  ["a header alone", { "a.csv": "t,theta\n" }, "inspect a.csv", 3, "expected at least 20 rows of data, got 0"],
  ["few rows", { "a.csv": swingTable(19) }, "inspect a.csv", 3, "expected at least 20 rows of data, got 19"],
  ["prose", { "a.txt": "It swings.\nIt stops.\n" }, "inspect a.txt", 3, "Cannot read a.txt: expected"],
  [
    "one column",
    { "a.csv": "theta\n1\n2\n3\n" },
    "inspect a.csv",
    3,
    "expected a column of times, got the columns theta",
  ],
  [
    "times alone",
    { "a.csv": each((own) => own.split(",")[0] ?? "", "t") },
    "inspect a.csv",
    3,
    "expected at least one coordinate",
  ],
  ["no time", { "a.csv": each((own) => own, "theta1,theta2") }, "inspect a.csv", 3, "expected a column of times"],
  [
    "a word in a cell",
    { "a.csv": line(9, "0.35,oops") },
    "inspect a.csv",
    3,
    'expected a number, got "oops" (line 9, column theta)',
  ],
  ["the flag for that word", { "a.csv": line(9, "0.35,oops") }, "inspect a.csv", 3, "or say --missing oops"],
  [
    "an infinite value",
    { "a.csv": line(9, "0.35,Infinity") },
    "inspect a.csv",
    3,
    'got "Infinity" (line 9, column theta)',
  ],
  ["a hexadecimal value", { "a.csv": line(9, "0.35,0xff") }, "inspect a.csv", 3, 'got "0xff" (line 9, column theta)'],
  ["two decimal points", { "a.csv": line(9, "0.35,1.2.3") }, "inspect a.csv", 3, 'got "1.2.3" (line 9'],
  ["a value with its unit", { "a.csv": line(9, "0.35,0.4 rad") }, "inspect a.csv", 3, 'got "0.4 rad" (line 9'],
  ["a time that is a word", { "a.csv": line(9, "noon,0.4") }, "inspect a.csv", 3, 'got "noon" (line 9, column t)'],
  [
    "a missing time",
    { "a.csv": line(9, ",0.4") },
    "inspect a.csv",
    3,
    "expected a time in every row, got none (line 9, column t)",
  ],
  [
    "a row too long",
    { "a.csv": line(9, "0.35,1,2") },
    "inspect a.csv",
    3,
    "expected 2 columns (t, theta), got 3 (line 9)",
  ],
  ["a row too short", { "a.csv": line(9, "0.35") }, "inspect a.csv", 3, "got 1 (line 9)"],
  ["a last line cut off", { "a.csv": `${good}3.` }, "inspect a.csv", 3, "got 1 (line 62)"],
  ["an open quote", { "a.csv": line(9, '0.35,"1') }, "inspect a.csv", 3, 'expected a closing quote (")'],
  [
    "two columns of one name",
    { "a.csv": each((own) => `${own},1`, "t,theta,theta") },
    "inspect a.csv",
    3,
    "expected a different name for each column, got theta 2 times",
  ],
  [
    "a unit of time for an angle",
    { "a.csv": each((own) => own, "t [rad],theta") },
    "inspect a.csv --column t=time",
    3,
    "expected a unit of time for the time column, got rad",
  ],
  [
    "a rate without its coordinate",
    { "a.csv": each((own) => `${own},1`, "t,theta,x") },
    "inspect a.csv --column theta=velocity --column x=control",
    3,
    "expected a coordinate for the velocity, got theta without one",
  ],
  ["two times", { "a.csv": good }, "inspect a.csv --column theta=time", 3, "got t (ignore), theta (time)"],
  [
    "a column that is not there",
    { "a.csv": good },
    "inspect a.csv --column enc=angle",
    3,
    "expected a column enc, got the columns t, theta",
  ],
  ["a column in no file", { "a.csv": good, "b.csv": good }, "inspect . --column enc=angle", 3, "expected a column enc"],
  [
    "a role that is none",
    { "a.csv": good },
    "inspect a.csv --column theta=a:b:c:d",
    3,
    "expected a column declared as ROLE",
  ],
  [
    "a unit that is none",
    { "a.csv": good },
    "inspect a.csv --column theta=angle:wombat",
    3,
    'expected a unit of a known kind, got "wombat"',
  ],
  [
    "a unit of another kind",
    { "a.csv": good },
    "inspect a.csv --column theta=angle:mm",
    3,
    "expected a unit of angle for an angle, got mm",
  ],
  ["a column without a word", { "a.csv": good }, "inspect a.csv --column theta", 2, 'expected NAME=VALUE, got "theta"'],
  ["no code", { "a.csv": good }, "inspect a.csv --missing ,", 2, 'Cannot use --missing: expected codes, got ","'],
  [
    "times that start again, too early for a recording",
    { "a.csv": line(4, "0,1") },
    "fit a.csv",
    3,
    "expected a time after 0.05, got 0 (line 4, column t)",
  ],
  [
    "a time twice",
    { "a.csv": line(9, "0.30,9") },
    "fit a.csv",
    3,
    "expected a time after 0.3, got 0.3 (line 9, column t)",
  ],
  [
    "a time too early",
    { "a.csv": line(9, "0.01,0.9") },
    "fit a.csv",
    3,
    "expected a time after 0.3, got 0.01 (line 9, column t)",
  ],
  [
    "the way to all such lines",
    { "a.csv": line(9, "0.01,0.9") },
    "fit a.csv",
    3,
    "`leastaction inspect` lists all such lines",
  ],
  [
    "a file that lacks the motor",
    { "a.csv": each((own) => `${own},1`, "t,theta,mot"), "b.csv": good },
    "fit .",
    3,
    "Cannot read b.csv: expected the control mot, as in a.csv",
  ],
  [
    "files of different angles",
    { "a.csv": good, "b.csv": each((own) => own, "t,phi") },
    "fit .",
    3,
    "Cannot read b.csv: expected the angle theta, as in a.csv",
  ],
  [
    "a role that differs",
    { "a.csv": each((own) => own, "t,q [rad]"), "b.csv": each((own) => own, "t,q [m]") },
    "inspect .",
    3,
    "expected the angle q, as in a.csv, got coordinate",
  ],
  [
    "a damaged file among good ones",
    { "a.csv": good, "b.csv": line(9, "0.35,oops") },
    "inspect .",
    3,
    "Cannot read b.csv: expected a number",
  ],
  [
    "an Excel workbook",
    { "a.csv": latin("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") },
    "inspect a.csv",
    3,
    "got an old Excel workbook",
  ],
  ["a picture", { "a.csv": latin("\x89PNG\r\n\x1a\n\0\0\0\rIHDR") }, "inspect a.csv", 3, "got a picture"],
  [
    "bytes of no format",
    { "a.csv": latin("\x01\x02\x03\x04\x05\x06\x07") },
    "inspect a.csv",
    3,
    "got bytes of an unknown format",
  ],
  [
    "a cut NPY file",
    { "a.npy": latin("\x93NUMPY\x01\0\x46\0{'descr'") },
    "inspect a.npy",
    3,
    "Cannot read a.npy: expected",
  ],
  [
    "a cut gzip file",
    { "a.csv.gz": latin("\x1f\x8b\x08\0\0\0\0\0\0\x03") },
    "inspect a.csv.gz",
    3,
    "Cannot read a.csv: expected a table of numbers, got no line of data",
  ],
  ["a cut Parquet file", { "a.parquet": latin("PAR1abc") }, "inspect a.parquet", 3, "Cannot read a.parquet: expected"],
  [
    "a kept reading that is no JSON",
    { "d.json": "{" },
    "fit d.json",
    3,
    "expected a dataset.json that `inspect --write` has made",
  ],
  ["JSON of another kind", { "d.json": "{}" }, "fit d.json", 3, "got JSON of another kind"],
  ["nothing as JSON", { "d.json": "null" }, "inspect d.json", 3, "got JSON of another kind"],
  ["a newer kept reading", { "d.json": kept({ schema: 9 }) }, "fit d.json", 3, "expected schema 1, got 9"],
  [
    "a kept reading of a lost file",
    { "d.json": kept({ files: [{ file: "a.csv", sha256: "0" }] }) },
    "fit d.json",
    3,
    "expected a file, got no file of that name",
  ],
  [
    "a kept reading of a changed file",
    { "a.csv": good, "d.json": kept({ files: [{ file: "a.csv", sha256: "0" }] }) },
    "fit d.json",
    3,
    "Cannot read a.csv: expected the file that d.json keeps (SHA-256 0…), got another one",
  ],
  [
    "a kept reading of no files",
    { "d.json": kept({ columns: {}, missing: [] }) },
    "fit d.json",
    3,
    "expected at least one table, got none",
  ],
  [
    "two kept readings",
    { "d.json": kept({}), "e.json": kept({}) },
    "fit d.json e.json",
    2,
    "expected one dataset.json alone, got 2 names",
  ],
  [
    "a kept reading and a column",
    { "d.json": kept({}) },
    "fit d.json --column t=time",
    2,
    "expected no --column and no --missing beside a kept reading",
  ],
  [
    "a start at no trigger",
    { "a.csv": good },
    "inspect a.csv --start trigger",
    3,
    "expected a trigger column, got none",
  ],
  ["a start after the end", { "a.csv": good }, "inspect a.csv --start 99", 3, "got recorded from 0 to 2.95 s"],
  [
    "a place that cannot be written",
    { "a.csv": good },
    "inspect a.csv --write a.csv/d.json --json",
    2,
    "expected a place that can be written",
  ],
];

const odd: readonly Row[] = [
  ["a byte-order mark", { "a.csv": `\ufeff${good}` }, "inspect a.csv", 0, "nothing odd"],
  ["Windows line ends", { "a.csv": good.replaceAll("\n", "\r\n") }, "inspect a.csv", 0, "nothing odd"],
  ["UTF-16", { "a.csv": Uint8Array.from(Buffer.from(`\ufeff${good}`, "utf16le")) }, "inspect a.csv", 0, "nothing odd"],
  [
    "Latin-1 degrees",
    { "a.csv": latin(each((own) => own.replace(/,(.*)/, (_, x) => `,${30 * x}`), "t,theta [\xb0]")) },
    "inspect a.csv",
    0,
    "angle [°]",
  ],
  [
    "decimal commas",
    { "a.csv": good.replaceAll(",", ";").replaceAll(".", ",") },
    "inspect a.csv",
    0,
    "semicolon, decimal commas",
  ],
  ["no header", { "a.csv": good.split("\n").slice(1).join("\n") }, "inspect a.csv", 0, "no header"],
  [
    "a name with blanks and quotes",
    { "a.csv": each((own) => own, '"t","the ""angle"""') },
    "inspect a.csv",
    0,
    'the "angle": coordinate',
  ],
  [
    "a row twice",
    { "a.csv": line(9, "0.30,0.951057") },
    "inspect a.csv",
    0,
    "t: 1 row repeats the one before it (a.csv, line 9)",
  ],
  [
    "a time twice",
    { "a.csv": line(9, "0.30,0.5") },
    "inspect a.csv",
    0,
    "t: 1 row has the time of the row before it and other values (a.csv, line 9)",
  ],
  [
    "a time too early",
    { "a.csv": line(9, "0.01,-0.8") },
    "inspect a.csv",
    0,
    "t: 1 row is out of the order of time (a.csv, line 9)",
  ],
  [
    "a time far ahead",
    { "a.csv": line(9, "7.35,-0.8") },
    "inspect a.csv",
    0,
    "t: 1 row is out of the order of time (a.csv, line 10)",
  ],
  [
    "a clock that starts again",
    { "a.csv": `${good}${good.split("\n").slice(1).join("\n")}` },
    "inspect a.csv",
    0,
    "2 trajectories",
  ],
  [
    "the line where it starts again",
    { "a.csv": `${good}${good.split("\n").slice(1).join("\n")}` },
    "inspect a.csv",
    0,
    "t: 1 time the clock starts again (a.csv, line 62)",
  ],
  [
    "the same file twice",
    { "a.csv": good, "b.csv": good },
    "inspect .",
    0,
    "1 recording twice: b is a (b.csv, lines 2-61)",
  ],
  [
    "a gap",
    { "a.csv": each((own, at) => (at < 30 ? own : `${9 + at / 20},${own.split(",")[1]}`)) },
    "inspect a.csv",
    0,
    "t: 1 gap, the longest 9.05 s (a.csv, lines 31-32)",
  ],
  [
    "a constant column",
    { "a.csv": each((own) => `${own},1`, "t,theta,x") },
    "inspect a.csv",
    0,
    "x: constant at 1 (a.csv)",
  ],
  [
    "a column twice",
    { "a.csv": each((own) => `${own},${own.split(",")[1]}`, "t,theta,phi") },
    "inspect a.csv",
    0,
    "phi: repeats theta (a.csv)",
  ],
  [
    "a column without values",
    { "a.csv": each((own) => `${own},`, "t,theta,x") },
    "inspect a.csv",
    0,
    "x: has no values at all",
  ],
  [
    "empty cells",
    { "a.csv": each((own, at) => (at % 20 === 9 ? own.replace(/,.*/, ",") : own)) },
    "inspect a.csv",
    0,
    "theta: 3 values missing (5 %), at most 1 row in a row (a.csv, line 11, line 31, line 51)",
  ],
  [
    "a declared word",
    { "a.csv": line(9, "0.35,ERR") },
    "inspect a.csv --missing ERR",
    0,
    "theta: 1 value missing (1.7 %), at most 1 row in a row (a.csv, line 9)",
  ],
  [
    "a declared code",
    { "a.csv": line(9, "0.35,-999") },
    "inspect a.csv --missing -999",
    0,
    "1 of them by a declared code (a.csv, line 9)",
  ],
  ["an undeclared code", { "a.csv": line(9, "0.35,-999") }, "inspect a.csv", 0, "Say --missing -999 if it is one."],
  [
    "a spike",
    { "a.csv": line(21, "0.95,1.9") },
    "inspect a.csv",
    0,
    "theta: 1 spiking value (1.9 rad) (a.csv, line 21)",
  ],
  [
    "milliseconds",
    { "a.csv": each((own, at) => `${at * 50},${own.split(",")[1]}`) },
    "inspect a.csv",
    0,
    "t: whole numbers up to 2950: looks like milliseconds",
  ],
  [
    "degrees",
    { "a.csv": each((own) => own.replace(/,(.*)/, (_, x) => `,${30 * x}`)) },
    "inspect a.csv",
    0,
    "Taken as rad; say --column theta=angle:deg, or :rad.",
  ],
  [
    "radians called degrees",
    { "a.csv": each((own) => own, "t,theta [deg]") },
    "inspect a.csv",
    0,
    "theta: less than 2 degrees in all: looks like radians",
  ],
  [
    "few samples in a period",
    { "a.csv": each((_, at) => `${(at * 0.3).toFixed(1)},${Math.sin(2 * Math.PI * at * 0.3).toFixed(5)}`) },
    "inspect a.csv",
    0,
    "samples in a period of 1.0",
  ],
  [
    "another rate",
    { "a.csv": good, "b.csv": each((own, at) => `${at / 10},${own.split(",")[1]}`), "c.csv": each((own) => `${own}1`) },
    "inspect .",
    0,
    "t: 1 recording at 10 Hz, the others at 20 Hz (b.csv)",
  ],
  [
    "another unit",
    { "a.csv": good, "b.csv": each((own) => own, "t,theta [deg]") },
    "inspect .",
    0,
    "theta: in deg in 1 file, in rad in the first (b.csv, line 1)",
  ],
  [
    "a column that one file lacks",
    { "a.csv": each((own) => `${own},${own.length % 3}`, "t,theta,mot"), "b.csv": line(9, "0.35,1") },
    "inspect .",
    0,
    "mot: 1 file has no such column (b.csv, line 1)",
  ],
  [
    "a text column",
    { "a.csv": each((own) => `${own},fine`, "t,theta,remark2") },
    "inspect a.csv",
    0,
    "remark2: not used (a.csv, line 1)",
  ],
];

async function call(files: Files, words: string) {
  return inFolder({}, async (folder) => {
    for (const [name, content] of Object.entries(files)) writeFileSync(path.join(folder, name), content);
    const io = memoryIo(folder);
    const status = await main(words.split(" "), io);
    return { status, out: io.text("out"), error: io.text("error"), left: readdirSync(folder).sort() };
  });
}

describe("data that cannot be used is refused, with what was expected, what was found and what to do", () => {
  test.each(refused)("%s", async (_, files, words, status, said) => {
    const answer = await call(files, words);
    expect(answer.error).toContain(said);
    expect(answer.status).toBe(status);
    expect(answer.error).toMatch(/^(not read: .*\n)?Cannot [^\n]+: expected [^\n]+, got [^\n]+\n[^\n]+\n$/);
    expect(words.endsWith("--json") ? "" : answer.out).toBe("");
    expect(answer.left).toEqual(Object.keys(files).sort());
  });
});

describe("data that is odd is read, and the oddity is named with its place", () => {
  test.each(odd)("%s", async (_, files, words, status, said) => {
    const answer = await call(files, words);
    expect(answer.error).toBe("");
    expect(answer.out).toContain(said);
    expect(answer.status).toBe(status);
    expect(answer.left).toEqual(Object.keys(files).sort());
  });
});
