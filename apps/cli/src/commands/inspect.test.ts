/** `inspect`: what it prints, what it keeps, and that a fit of what was kept reads the same numbers. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { main } from "../main.ts";
import type { RunRecord } from "../run-folder/run-record.ts";
import { inFolder, memoryIo } from "../testing/memory-io.ts";

/** Swings in degrees with a code for what is missing, one file for each start. */
function swing(start: number): string {
  const lines = Array.from({ length: 120 }, (_, row) => {
    const time = row / 20;
    const angle = row % 40 === 7 ? -999 : start * Math.cos(5 * time) * Math.exp(-0.05 * time);
    return `${(1000 * time).toFixed(0)},${angle.toFixed(4)}`;
  });
  return `clock,enc\n${lines.join("\n")}\n`;
}

const files = Object.fromEntries([1, 2, 10].map((run) => [`run${run}.csv`, swing(20 + run)]));
const flags = "--column clock=time:ms --column enc=angle:deg --missing -999";

async function call(folder: string, line: string) {
  const io = memoryIo(folder);
  const status = await main(line.split(" "), io);
  return { status, out: io.text("out"), error: io.text("error") };
}

describe("inspect", () => {
  test("prints the columns in the user's units, then one list of what is odd", () =>
    inFolder(files, async (folder) => {
      const { status, out } = await call(folder, "inspect run10.csv run2.csv run1.csv --column clock=time:ms");
      expect(status).toBe(0);
      expect(out.split("\n")).toEqual([
        "run1.csv, run2.csv, run10.csv: 360 rows, 3 trajectories, comma, header in line 1",
        "  clock: time [ms]  0 .. 5950  20 Hz  (declared)",
        "  enc: coordinate  -999 .. 30  (by exclusion)",
        "2 oddities:",
        "  1. enc: 9 values of -999, far from all others: looks like a code for a missing value (run1.csv, line 9 and 2 more; run2.csv, line 9 and 2 more; run10.csv, line 9 and 2 more)",
        "     Say --missing -999 if it is one.",
        "  2. enc: no unit and a range of 58.87, above 2 pi: looks like degrees if it is an angle (run1.csv; run2.csv; run10.csv)",
        "     Taken as a number; say --column enc=angle:deg, or =coordinate:m.",
        "",
      ]);
    }));

  test("reads a folder and a pattern as it reads their files", () =>
    inFolder({ ...files, "README.md": "about\n", "notes.txt": "t,x\n" }, async (folder) => {
      const of = async (data: string) => {
        const { out, error } = await call(folder, `inspect ${data} ${flags} --json`);
        return { hash: (JSON.parse(out) as { measurements: string }).measurements, error };
      };
      const byName = await of("run1.csv run2.csv run10.csv");
      expect((await of("run*.csv")).hash).toBe(byName.hash);
      expect((await of("run{1,2,10}.csv")).hash).toBe(byName.hash);
      expect((await of("run1.csv run[12]*.csv")).hash).toBe(byName.hash);
      const whole = await of(".");
      expect(whole.hash).toBe(byName.hash);
      expect(whole.error).toBe("not read: README.md, notes.txt\n");
      mkdirSync(path.join(folder, "deep/er"), { recursive: true });
      for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, "deep/er", name), text);
      expect((await of("deep/**/*.csv")).hash).toBe(byName.hash);
    }));

  test("gives everything to programs", () =>
    inFolder(files, async (folder) => {
      const { out } = await call(folder, `inspect . ${flags} --json`);
      const answer = JSON.parse(out) as {
        readonly files: readonly { readonly file: string; readonly sha256: string }[];
        readonly oddities: readonly { readonly kind: string }[];
      };
      expect(answer.files.map(({ file }) => file)).toEqual(["run1.csv", "run2.csv", "run10.csv"]);
      expect(answer.files[0]?.sha256).toMatch(/^[0-9a-f]{64}$/);
      expect(answer.oddities).toMatchObject([
        {
          kind: "missing",
          column: "enc",
          count: 9,
          places: [{ file: "run1.csv", line: 9, lastLine: 9 }, {}, {}, {}, {}, {}, {}, {}, {}],
        },
      ]);
    }));
});

describe("a kept reading", () => {
  const kept = async (folder: string): Promise<void> => {
    const { status, error } = await call(folder, `inspect . ${flags} --start 0.5 --stop 5 --write kept/dataset.json`);
    expect(status, error).toBe(0);
    expect(error).toContain("Next: leastaction fit kept/dataset.json");
  };

  test("is fitted as it was read, and the run remembers every file", () =>
    inFolder(files, async (folder) => {
      await kept(folder);
      const content = JSON.parse(readFileSync(path.join(folder, "kept/dataset.json"), "utf8")) as object;
      expect(content).toMatchObject({
        columns: { clock: "clock:time:ms", enc: "enc:angle:deg" },
        missing: ["-999"],
        start: 0.5,
        stop: 5,
        files: [{ file: "../run1.csv" }, { file: "../run2.csv" }, { file: "../run10.csv" }],
      });
      for (const [data, out] of [
        ["kept/dataset.json", "a"],
        [`. ${flags} --start 0.5 --stop 5`, "b"],
      ] as const) {
        const fitted = await call(folder, `fit ${data} --model hold --target wasm --out ${out}`);
        expect(fitted.status, fitted.error).toBe(0);
      }
      const record = (run: string) => JSON.parse(readFileSync(path.join(folder, run, "run.json"), "utf8")) as RunRecord;
      const hashes = (run: string) => record(run).data.map(({ sha256, measurements }) => [sha256, measurements]);
      expect(hashes("a")).toEqual(hashes("b"));
      expect(hashes("a").length).toBe(3);
      expect(record("a").command).toMatch(/^leastaction fit kept\/dataset\.json --model hold .*--start 0\.5 --stop 5/);
      expect(record("a").command).not.toContain("--column");
      const forecast = await call(folder, "predict a --data kept/dataset.json --observe 1 --out f.csv");
      expect(forecast.status, forecast.error).toBe(0);
      expect(readFileSync(path.join(folder, "f.csv"), "utf8").split("\n")[0]).toMatch(/^trajectory,t,enc,/);
    }));

  test("holds columns of every kind: without a header, with unknown units, not used", () =>
    inFolder(
      {
        "a.csv": swing(20).split("\n").slice(1).join("\n"),
        "b.csv": swing(20)
          .replace("clock,enc", "t [ms],x [wombat],note")
          .replaceAll(/(\d)\n/g, "$1,fine\n"),
      },
      async (folder) => {
        for (const name of ["a", "b"]) {
          const made = await call(folder, `inspect ${name}.csv --missing -999 --write ${name}.json`);
          expect(made.status, made.error).toBe(0);
          const again = await call(folder, `inspect ${name}.json`);
          expect(again.status, again.error).toBe(0);
          const columns = (text: string): readonly string[] =>
            text.split("\n").flatMap((row) => /^ {2}\w+: .*(?= {2}\()/.exec(row) ?? []);
          expect(columns(again.out)).toEqual(columns(made.out));
          expect(columns(made.out).length).toBe(name === "a" ? 2 : 3);
        }
      },
    ));

  test("is refused when a file has changed, and says which", () =>
    inFolder(files, async (folder) => {
      await kept(folder);
      writeFileSync(path.join(folder, "run2.csv"), swing(22.5));
      const { status, error } = await call(folder, "fit kept/dataset.json --model hold --out a");
      expect(status).toBe(3);
      expect(error).toMatch(
        /^Cannot read run2\.csv: expected the file that kept\/dataset\.json keeps \(SHA-256 \w{12}…\), got another one/,
      );
    }));
});
