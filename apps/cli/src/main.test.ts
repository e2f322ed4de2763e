import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { main } from "./main.ts";
import { inFolder, memoryIo } from "./testing/memory-io.ts";
import { swingTable } from "./testing/swing-table.ts";

const files = {
  "good.csv": swingTable(60),
  "empty.csv": "",
  "text.csv": swingTable(60, (line, index) => (index === 7 ? "0.35,oops" : line)),
  "back.csv": swingTable(60, (line, index) => (index === 9 ? `0.01${line.slice(4)}` : line)),
  "few.csv": swingTable(8),
  "not-a-model.js": "export default 42;\n",
};

async function call(argv: readonly string[]) {
  return inFolder(files, async (folder) => {
    const io = memoryIo(folder);
    const status = await main(argv, io);
    return { status, out: io.text("out"), error: io.text("error"), left: readdirSync(folder).sort() };
  });
}

describe("bad input is told with what was expected, what was found and what to do", () => {
  const table: readonly (readonly [call: string, status: number, problem: string, remedy: string])[] = [
    ["fit none.csv", 3, "Cannot read none.csv: expected a file, got no file of that name", "Check the path"],
    ["fit .", 3, "Cannot read empty.csv: expected a table of numbers", "Check that"],
    ["fit empty.csv", 3, "Cannot read empty.csv: expected a table of numbers, got no line of data", "Check that"],
    ["fit good.csv --column enc=angle:deg", 3, "expected a column enc, got the columns t, theta", "Use a name of the"],
    ["fit text.csv", 3, 'expected a number, got "oops" (line 9, column theta)', "--column theta=ignore"],
    ["fit back.csv", 3, "(line 11, column t)", "trajectory"],
    ["fit few.csv", 3, "Cannot read few.csv: expected at least 20 rows of data, got 8", "Record longer"],
    ["fit good.csv --model neural-odee", 2, "or auto, got neural-odee", "Did you mean neural-ode?"],
    ["fit good.csv --model ,", 2, "Cannot use --model: expected a name, got none", "--model auto"],
    ["fit good.csv --model ./none.js", 2, "Cannot load the model ./none.js: expected a file", "Check the path"],
    ["fit good.csv --model ./not-a-model.js", 2, "got a default export of another kind (number)", "export default"],
    ["fit good.csv --stepps 3", 2, "expected a flag of this command, got --stepps", "Did you mean --steps?"],
    ["fit good.csv --steps 2.5", 2, 'expected a whole number from 1 up, got "2.5"', "--steps 5"],
    ["fit good.csv --time-budget 0", 2, 'expected a number above zero, got "0"', "--time-budget 60"],
    ["fit good.csv --target gpu", 2, 'expected auto, wasm, native or native-fast, got "gpu"', "--target auto"],
    ["fit good.csv --column theta", 2, 'expected NAME=VALUE, got "theta"', "--column enc=angle:deg"],
    ["fit", 2, "expected a value for DATA, got none", "three complete examples"],
    ["fit good.csv more.csv", 3, "Cannot read more.csv: expected a file", "Check the path"],
    ["models hold more", 2, "expected fewer arguments, got 2", "Put quotes around"],
    ["fit good.csv --out .", 2, "Cannot write to .: expected a new or empty folder, got 6 entries in it", "--force"],
    ["frobnicate", 2, "expected a command, got frobnicate", "leastaction --help"],
    ["predictt x", 2, "expected a command, got predictt", "Did you mean predict?"],
    ["docter", 2, "expected a command, got docter", "Did you mean doctor?"],
    ["--jsn", 2, "expected a flag of this command, got --jsn", "--help"],
    ["inspect good.csv --colum theta=angle", 2, "got --colum", "Did you mean --column?"],
    ["predict . --form q=1 --out f.csv", 2, "got --form", "Did you mean --from?"],
    ["compare . --refrence hold", 2, "got --refrence", "Did you mean --reference?"],
    ["simulate pendulum --trajectory 3 --out s.csv", 2, "got --trajectory", "Did you mean --trajectories?"],
    ["models --jso", 2, "expected a flag of this command, got --jso", "--help"],
    ["doctor --jso", 2, "expected a flag of this command, got --jso", "Did you mean --json?"],
    [
      "fit good.csv --target nativ",
      2,
      'expected auto, wasm, native or native-fast, got "nativ"',
      "Did you mean native?",
    ],
    ["fit good.csv --smooth splin", 2, 'got "splin"', "Did you mean spline?"],
    [
      "fit good.csv --column thta=angle:deg",
      3,
      "expected a column thta, got the columns t, theta",
      "Did you mean theta?",
    ],
    ["fit good.csv --column theta=x:angel:deg", 3, "expected a column declared as ROLE", "Did you mean angle?"],
    [
      "fit good.csv --hold motr=linear",
      3,
      "expected a control of that name (there is none), got motr",
      "--column motr=control",
    ],
    ["simulate toda-chian-12 --out s.csv", 2, "got toda-chian-12", "Did you mean toda-chain-12?"],
    ["simulate pendulum --out s.csv --set dampin=1", 2, "got dampin", "Did you mean damping?"],
    ["simulate pendulum --out s.csv --control chrip", 2, 'got "chrip"', "Did you mean chirp?"],
    ["simulate pendulum --samples 1e9 --out s.csv", 2, "expected at most 20000000 numbers in all", "fewer samples"],
    ["simulate pendulum --trajectories 1e12 --out s.csv", 2, "expected at most 20000000 numbers", "fewer samples"],
    ["fit good.csv --seeds 1e15", 2, 'expected a whole number from 1 to 10000, got "1e15"', "--seeds 5"],
    ["predict . --from q=1 --until 1e9 --every 1e-9 --out f.csv", 2, "expected at most 5000000 rows", "--help"],
    ["fit good.csv --column theta=angle:degs", 3, 'expected a unit of a known kind, got "degs"', "Did you mean deg?"],
    ["fit good.csv --column theta=angle:parsec", 3, "expected a unit of a known kind", "Known are s, ms, us"],
    ["help fitt", 2, "expected a command, got fitt", "Did you mean fit?"],
    ["systems keplr", 2, "got keplr", "Did you mean kepler?"],
    [
      "predict none --data good.csv --observe 1 --out f.csv",
      2,
      "Cannot open the run none: expected the folder of a run, got no folder",
      "runs/",
    ],
    [
      "predict good.csv --data good.csv --observe 1 --out f.csv",
      2,
      "expected the folder of a run, got a file",
      "runs/",
    ],
    [
      "predict . --data good.csv --observe 1 --out f.csv",
      2,
      "got a folder without model.json and model.safetensors",
      "runs/",
    ],
    ["predict . --out f.csv", 2, "expected either --data or --from, got neither", "--help"],
    ["predict . --data good.csv --out f.csv", 2, "expected --observe with --data, got none", "--help"],
    [
      "predict . --from q=1 --until 3 --out f.csv",
      2,
      "expected --until and --every with --from, got no --every",
      "--help",
    ],
    ["predict . --data good.csv --observe 1", 2, "expected the flag --out <file>, got none", "--help"],
    ["predict . --level 1.5 --out f.csv", 2, 'expected a number between 0 and 1, got "1.5"', "--level 0.9"],
    [
      "simulate pendulumm --out s.csv",
      2,
      "expected one of pendulum, oscillator, double-pendulum, ",
      "Did you mean pendulum?",
    ],
    ["simulate pendulum --out s.csv --set mass=x", 2, 'expected mass=NUMBER, got "x"', "--set damping=0.1"],
    ["simulate pendulum --out empty.csv/s.csv", 2, "expected a place that can be written", "Choose another place"],
    [
      "reproduce helmholz-metric",
      2,
      "an experiment: expected one of helmholtz-metric, ",
      "Did you mean helmholtz-metric?",
    ],
    ["reproduce helmholtz-metric --only keppler", 2, "got keppler", "Did you mean kepler?"],
    ["reproduce helmholtz-metric --quik", 2, "got --quik", "Did you mean --quick?"],
    ["models pendulun", 2, "got pendulun", "Did you mean pendulum?"],
  ];

  test.each(table)("%s", async (line, status, problem, remedy) => {
    const { status: found, out, error, left } = await call(line.split(" "));
    expect(error).toContain(problem);
    expect(error.trimEnd().split("\n").at(-1)).toContain(remedy);
    expect(error).not.toMatch(/\n\s+at |This is a fault/);
    expect(found).toBe(status);
    expect(out).toBe("");
    expect(left).toEqual(Object.keys(files).sort());
  });
});

describe("help", () => {
  test("no arguments print the first step", async () => {
    const { status, out } = await call([]);
    expect(status).toBe(0);
    expect(out).toContain("First step");
    expect(out).toContain("leastaction fit my-table.csv");
  });

  test.each(["", "inspect", "fit", "predict", "compare", "models", "systems", "simulate", "doctor"])(
    "%s --help opens with three examples",
    async (name) => {
      const { status, out } = await call([name, "--help"].filter((word) => word !== ""));
      expect(status).toBe(0);
      const [title, ...rest] = out.split("\n");
      expect(title).toBe("Examples:");
      for (const line of rest.slice(0, 3)) expect(line).toMatch(new RegExp(`^ {2}leastaction ${name}`.trimEnd()));
      expect(out).toContain("130  interrupted (Ctrl-C)");
    },
  );

  test("help COMMAND is COMMAND --help", async () => {
    expect(await call(["help", "fit"])).toEqual(await call(["fit", "--help"]));
    expect((await call(["help"])).out).toBe((await call(["--help"])).out);
  });

  test("--version prints the version", async () => {
    const { status, out, error } = await call(["--version"]);
    expect([status, error]).toEqual([0, ""]);
    expect(out).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe("lists", () => {
  test("models and systems are printed from their records", async () => {
    const { out } = await call(["models"]);
    expect(out).toMatch(/^ {2}hold +baseline/m);
    expect(out).toMatch(/^ {2}dissipative-hamiltonian +network/m);
    expect((await call(["models", "pendulum"])).out).toContain("Constants that are fitted:");
    expect((await call(["systems"])).out).toMatch(/^ {2}pendulum /m);
    expect((await call(["systems", "pendulum"])).out).toContain("theta [rad]");
  });
});

test("simulate writes the same bytes for the same seed, under the system's own names", () =>
  inFolder({}, async (folder) => {
    const io = memoryIo(folder);
    const { readFileSync } = await import("node:fs");
    const line = "simulate pendulum --trajectories 2 --duration 2 --samples 21 --noise 0.01 --set damping=0.1";
    const made = [];
    for (const [name, seed] of [
      ["a", 3],
      ["b", 3],
      ["c", 4],
    ] as const) {
      expect(await main([...line.split(" "), "--seed", `${seed}`, "--out", `deep/${name}.csv`], io)).toBe(0);
      made.push(readFileSync(path.join(folder, `deep/${name}.csv`), "utf8"));
    }
    expect(made[0]).toBe(made[1]);
    expect(made[0]).not.toBe(made[2]);
    expect(made[0]?.split("\n")[0]).toBe("trajectory,t,theta,omega");
    expect(made[0]?.trimEnd().split("\n").length).toBe(43);
    expect(existsSync(path.join(folder, "deep"))).toBe(true);
    expect(readdirSync(path.join(folder, "deep")).sort()).toEqual(["a.csv", "b.csv", "c.csv"]);
  }));
