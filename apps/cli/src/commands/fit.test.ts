import { readdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { simulate, systemNamed } from "@leastaction/dynamics";
import { nativeAvailable } from "@leastaction/native";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { main } from "../main.ts";
import type { RunRecord } from "../run-folder/run-record.ts";
import { inFolder, type MemoryIo, memoryIo, temporaryFolder } from "../testing/memory-io.ts";

const table = simulate(systemNamed("pendulum"), {
  trajectories: 6,
  duration: 6,
  samples: 151,
  noise: 0.005,
  parameters: { damping: 0.1 },
}).text;
interface Answer {
  readonly ranking: readonly { readonly model: string }[];
  readonly summary: readonly string[];
  readonly test: { readonly rmse: Readonly<Record<string, number>> };
}

const line = "fit swing.csv --model pendulum,hold --steps 6 --json";

let folder = "";
let io: MemoryIo;
let status = -1;
const text = (name: string): string => readFileSync(path.join(folder, "run", name), "utf8");

beforeAll(async () => {
  folder = temporaryFolder({ "swing.csv": table, "LICENSE.txt": "Public domain\n" });
  io = memoryIo(folder);
  status = await main([...line.split(" "), "--out", "run"], io);
}, 60_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("fit", () => {
  test("prints one object on standard output and everything else on the error stream", () => {
    expect(io.text("error")).not.toContain("fault");
    expect(status).toBe(0);
    const result = JSON.parse(io.text("out")) as Answer;
    expect(result).toMatchObject({ run: "run", model: "pendulum", seed: 0, complete: true });
    expect(result.ranking.map((row) => row.model)).toEqual(["pendulum", "hold"]);
    expect(result.summary.length).toBe(5);
    expect(result.test.rmse.theta).toBeLessThan(0.05);
  });

  test("says what it read before it trains", () => {
    const error = io.text("error");
    for (const words of ["theta: angle [rad]", "omega: velocity of theta [rad/s]", "train: ", "test: "]) {
      expect(error.indexOf(words)).toBeGreaterThan(-1);
      expect(error.indexOf(words)).toBeLessThan(error.indexOf("pendulum, seed 0, step"));
    }
    expect(error).toContain("How far to trust it: On ");
  });

  test("prints the constants that the data tell, with intervals, and those that it cannot tell", () => {
    const error = io.text("error");
    expect(error).toMatch(/ w2 {2}\d+\.?\d* ± \d\S* +1\/s² +frequency group/);
    expect(error).toContain("cannot be known: mass, length and g apart");
  });

  test("says one text on the terminal, in the report and to programs", () => {
    const { summary } = JSON.parse(io.text("out")) as Answer;
    expect(io.text("error")).toContain(summary.join("\n"));
    const report = text("report.html");
    for (const line of summary) {
      const [about = "", ...rest] = line.split(": ");
      expect(report).toContain(`<dt>${about}</dt><dd>${rest.join(": ")}</dd>`);
    }
  });

  test("writes the run folder as it is documented, and nothing half", () => {
    const names = readdirSync(path.join(folder, "run"), { recursive: true }).map(String).sort();
    expect(names).toEqual(
      expect.arrayContaining([
        "run.json",
        "metrics.jsonl",
        "model.json",
        "model.safetensors",
        "report.html",
        "references.bib",
        "methods.txt",
        "figures/forecast-1.svg",
        "members/hold/seed-0/model.json",
        "members/pendulum/seed-0/model.safetensors",
      ]),
    );
    expect(names.filter((name) => name.includes(".part"))).toEqual([]);
    expect(text("members/pendulum/seed-0/model.json")).toBe(text("model.json"));
  });

  test("records what it takes to repeat it", () => {
    const record = JSON.parse(text("run.json")) as RunRecord;
    expect(record).toMatchObject({ format: "leastaction-run", schema: 1, status: "finished", seeds: [0] });
    expect(record.command).toBe(
      "leastaction fit swing.csv --model pendulum,hold --seed 0 --seeds 1 --steps 6 --target wasm",
    );
    expect(record.target).toMatchObject({ asked: "auto", used: "wasm", moved: 0 });
    expect(record.data[0]).toMatchObject({
      file: "swing.csv",
      licence: "LICENSE.txt: Public domain",
      bytes: table.length,
    });
    expect(record.data[0]?.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(Object.keys(record.software)).toContain("node");
    expect(record.hardware.cores).toBeGreaterThan(0);
  });

  test("keeps the course of the training, one line of JSON for each report", () => {
    const rows = text("metrics.jsonl")
      .trimEnd()
      .split("\n")
      .map((row) => JSON.parse(row) as { readonly loss: number });
    expect(rows.length).toBeGreaterThan(0);
    expect(rows[0]).toMatchObject({ model: "pendulum", seed: 0 });
    expect(rows[0]?.loss).toBeGreaterThan(0);
  });

  test("shows its forecast and its sentences in the report", () => {
    const page = text("report.html");
    expect(page).toContain("The motion of theta in swing.csv");
    expect(page).toContain("theta (rad)");
    expect(page).toContain("What this model cannot know");
    expect(text("references.bib")).toContain("@software{leastaction,");
    expect(text("methods.txt")).toContain("pendulum was chosen");
  });

  test("says where programs run", () => {
    expect(io.text("error")).toMatch(/^target: wasm.*\(.+\)$/m);
    expect(text("report.html")).toContain("Programs ran in WebAssembly");
  });

  test("shows on request where the time of the training step goes", async () => {
    const call = memoryIo(folder);
    const words = "fit swing.csv --model pendulum --steps 6 --target wasm --explain --out explained";
    expect(await main(words.split(" "), call)).toBe(0);
    expect(call.text("error")).toMatch(/The program that ran longest: \d+ runs, \S+ s\.\nkernel +calls +ms +share/);
    expect(call.text("error")).toMatch(/\nall kernels +\d+ .* 100\.0 %\na whole step: \S+ ms/);
  });

  test("gives the same weights for the same call", async () => {
    expect(await main([...line.split(" "), "--out", "again"], memoryIo(folder))).toBe(0);
    const bytes = (run: string): Buffer => readFileSync(path.join(folder, run, "model.safetensors"));
    expect(bytes("again").equals(bytes("run"))).toBe(true);
  });
});

describe("predict", () => {
  test("from data: the whole length of each, under the names of the data", async () => {
    const call = memoryIo(folder);
    expect(await main("predict run --data swing.csv --observe 1 --out f.csv".split(" "), call)).toBe(0);
    const [header, ...rows] = readFileSync(path.join(folder, "f.csv"), "utf8").trimEnd().split("\n");
    expect(header).toBe("trajectory,t,theta,omega,theta_low,theta_high,outside");
    expect(rows.length).toBe(6 * 151);
    const measured = table
      .trimEnd()
      .split("\n")
      .slice(1)
      .map((row) => row.split(",").map(Number));
    const forecast = rows.map((row) => row.split(",").map(Number));
    expect(forecast.map((row) => row.slice(0, 2))).toEqual(measured.map((row) => row.slice(0, 2)));
    const errors = forecast.map((row, index) => (row[2] as number) - (measured[index]?.[2] as number));
    expect(Math.sqrt(errors.reduce((sum, error) => sum + error * error, 0) / errors.length)).toBeLessThan(0.05);
    expect(
      forecast.every((row) => (row[4] as number) <= (row[2] as number) && (row[2] as number) <= (row[5] as number)),
    ).toBe(true);
  });

  test("does not look at what comes after the observed seconds", async () => {
    const changed = table.split("\n").map((row, index) => {
      const [trajectory, time, , omega] = row.split(",");
      return index > 0 && Number(time) > 1 ? [trajectory, time, 0.5, omega].join(",") : row;
    });
    await inFolder({ "a.csv": table, "b.csv": changed.join("\n") }, async (other) => {
      const made: string[] = [];
      for (const name of ["a", "b"]) {
        const call = [
          "predict",
          path.join(folder, "run"),
          "--data",
          `${name}.csv`,
          "--observe",
          "1",
          "--out",
          `${name}.out`,
        ];
        expect(await main(call, memoryIo(other))).toBe(0);
        made.push(readFileSync(path.join(other, `${name}.out`), "utf8"));
      }
      expect(made[0]).toBe(made[1]);
    });
  });

  test("from a stated start", async () => {
    const call = ["predict", "run", "--from", "theta=1,omega=0", "--until", "2", "--every", "0.5", "--out", "g.csv"];
    expect(await main(call, memoryIo(folder))).toBe(0);
    const rows = readFileSync(path.join(folder, "g.csv"), "utf8").trimEnd().split("\n");
    expect(rows[0]).toBe("t,theta,omega,theta_low,theta_high,outside");
    expect(rows.length).toBe(6);
    expect(rows[1]).toMatch(/^0,1,0,/);
  });

  test("a split that is not there is refused", async () => {
    const call = memoryIo(folder);
    expect(await main("predict run --data swing.csv --split vad --observe 1 --out f.csv".split(" "), call)).toBe(2);
    expect(call.text("error")).toContain("expected the split vad, got a table without a split column");
  });

  test("an unknown name in the start is refused", async () => {
    const call = memoryIo(folder);
    const words = ["predict", "run", "--from", "thet=1", "--until", "2", "--every", "0.5", "--out", "g.csv"];
    expect(await main(words, call)).toBe(2);
    expect(call.text("error")).toContain("Did you mean theta?");
  });
});

test("Ctrl-C stops the training, writes what there is, and exits with 130", () =>
  inFolder({ "swing.csv": table }, async (other) => {
    const call = memoryIo(other);
    const watched = {
      ...call,
      error: {
        write: (words: string) => {
          call.error.write(words);
          if (words.includes("seed 0, step")) call.interrupt();
        },
      },
    };
    expect(await main("fit swing.csv --model pendulum,neural-ode --out run".split(" "), watched)).toBe(130);
    expect(call.text("error")).toContain("Stopping at the next step");
    const record = JSON.parse(readFileSync(path.join(other, "run/run.json"), "utf8")) as RunRecord;
    expect(record.status).toBe("stopped");
    expect(readFileSync(path.join(other, "run/report.html"), "utf8")).toContain("This run was interrupted");
    expect(await main("predict run --data swing.csv --observe 1 --out f.csv".split(" "), memoryIo(other))).toBe(0);
  }));

test("a model whose forecasts do not stay finite ends with 4, and the folder says so", () => {
  const values = "{ dtype: 'float64', shape: [2], data: Float64Array.of(1e308, 1e308) }";
  const model = `export default { name: "broken", init: () => ({ rates: ${values} }), field: ({ rates }) => rates };`;
  return inFolder({ "swing.csv": table, "broken.js": model }, async (other) => {
    const call = memoryIo(other);
    expect(await main("fit swing.csv --model ./broken.js --steps 2 --out run".split(" "), call)).toBe(4);
    expect(call.text("error")).toContain("expected a model whose forecast stays finite, got none (broken)");
    const record = JSON.parse(readFileSync(path.join(other, "run/run.json"), "utf8")) as RunRecord;
    expect(record.status).toBe("failed");
  });
});

test("degrees and milliseconds come back as degrees and milliseconds, also without flags on the second call", async () => {
  const rows = table
    .trimEnd()
    .split("\n")
    .slice(1)
    .map((row) => row.split(",").map(Number) as [number, number, number, number])
    .map(([trajectory, time, theta]) => [trajectory, Math.round(time * 1000), (theta * 180) / Math.PI].join(","));
  await inFolder({ "rig.csv": `run,clock,enc\n${rows.join("\n")}\n` }, async (other) => {
    const flags = ["run=trajectory", "clock=time:ms", "enc=angle:deg"].flatMap((flag) => ["--column", flag]);
    const fit = ["fit", "rig.csv", ...flags, "--model", "pendulum", "--steps", "6", "--out", "run", "--json"];
    const call = memoryIo(other);
    expect(await main(fit, call)).toBe(0);
    expect(call.text("error")).toMatch(/enc stays within \d\S* deg for .* ms/);
    expect(readFileSync(path.join(other, "run/report.html"), "utf8")).toContain("enc (deg)");
    expect(await main("predict run --data rig.csv --observe 1 --out f.csv".split(" "), memoryIo(other))).toBe(0);
    const [header, ...made] = readFileSync(path.join(other, "f.csv"), "utf8").trimEnd().split("\n");
    expect(header?.split(",").slice(0, 3)).toEqual(["run", "t", "enc"]);
    expect(header?.split(",").slice(4)).toEqual(["enc_low", "enc_high", "outside"]);
    const errors = made.map((row, index) => {
      const [name, time, value] = row.split(",");
      const [trajectory, clock, measured] = (rows[index] as string).split(",");
      expect([name, time]).toEqual([trajectory, clock]);
      return Number(value) - Number(measured);
    });
    const rmse = Math.sqrt(errors.reduce((sum, error) => sum + error * error, 0) / errors.length);
    expect(rmse).toBeGreaterThan(0.1);
    expect(rmse).toBeLessThan(3);
  });
});

describe("a C compiler that is broken", () => {
  const withCompiler = async (command: string, words: string): Promise<{ status: number; error: string }> => {
    const before = process.env.CC;
    process.env.CC = command;
    try {
      return await inFolder({ "swing.csv": table }, async (other) => {
        const call = memoryIo(other);
        const status = await main(words.split(" "), call);
        return { status, error: call.text("error") };
      });
    } finally {
      if (before === undefined) delete process.env.CC;
      else process.env.CC = before;
    }
  };

  test("is told, and the fit runs in WebAssembly", async () => {
    const { status, error } = await withCompiler("/no/such/cc", "fit swing.csv --model hold --out run");
    expect(status).toBe(0);
    expect(error).toContain(
      "target: wasm (no machine code: expected a C compiler that works, got /no/such/cc (not found))\n",
    );
  });

  test("is an error for who asks for native", async () => {
    const { status, error } = await withCompiler("/no/such/cc", "fit swing.csv --target native --out run");
    expect(status).toBe(2);
    expect(error).toContain(
      "Cannot use --target native: expected a C compiler that works, got /no/such/cc (not found)\nInstall GCC or Clang",
    );
  });
});

// Compiled code of tests is kept with other caches of the repository, not with the user's.
process.env.XDG_CACHE_HOME = path.resolve("node_modules/.cache");
const { ok, reason } = nativeAvailable();
if (!ok) console.warn(`SKIPPED: a fit in machine code: ${reason}`);

test.skipIf(!ok)("a fit in machine code says so in its record, and finds the same law", () =>
  inFolder({ "swing.csv": table }, async (other) => {
    const call = memoryIo(other);
    expect(await main("fit swing.csv --model pendulum --steps 6 --target native --out run".split(" "), call)).toBe(0);
    expect(call.text("error")).toMatch(/^target: native \(.+, vectors of \d+ bytes\)$/m);
    const record = JSON.parse(readFileSync(path.join(other, "run/run.json"), "utf8")) as RunRecord;
    expect(record.target).toMatchObject({ asked: "native", used: "native" });
    expect(record.command).toContain("--target native");
    const [made, known] = [path.join(other, "run"), path.join(folder, "run")].map(
      (run) =>
        JSON.parse(readFileSync(path.join(run, "run.json"), "utf8")) as { result: { constants: { value: number }[] } },
    );
    expect(made?.result.constants[0]?.value).toBeCloseTo(known?.result.constants[0]?.value as number, 6);
  }),
);
