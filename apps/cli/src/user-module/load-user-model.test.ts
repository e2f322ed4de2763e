// A model in a file outside the repository: through the built program, since resolution is Node's own business.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { simulate, systemNamed } from "@leastaction/dynamics";
import { afterAll, expect, test } from "vitest";
import { temporaryFolder } from "../testing/memory-io.ts";

const program = fileURLToPath(new URL("../../bin/leastaction.js", import.meta.url));
const built = fileURLToPath(new URL("../../dist/main.js", import.meta.url));

const model = `
import { add, array, concatenate, defineModel, mul, neg, sin, slice } from "leastaction";
export default defineModel({
  name: "my-swing",
  cites: ["arXiv:1906.01563"],
  init: () => ({ k: array([5]), c: array([0.1]) }),
  field: ({ k, c }, _t, state) => {
    const [q, v] = [slice(state, 0, 0, 1), slice(state, 0, 1, 2)];
    return concatenate([v, neg(add(mul(k, sin(q)), mul(c, v)))]);
  },
});
`;
const damped = simulate(systemNamed("pendulum"), {
  trajectories: 5,
  duration: 5,
  samples: 101,
  parameters: { damping: 0.2 },
}).text;

const folder = temporaryFolder({ "my-swing.js": model, "other.js": model, "swing.csv": damped });
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function call(...argv: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...argv], { cwd: folder, encoding: "utf8" });
  return { status, stdout, stderr };
}

test("the program is built", () => {
  expect(existsSync(built), "Build first: npm run build").toBe(true);
});

test("it trains, is saved, and forecasts in a fresh process without its file, bit for bit", () => {
  const fit = call("fit", "swing.csv", "--model", "./my-swing.js", "--steps", "8", "--out", "run", "--json");
  expect(fit.stderr).not.toContain("Cannot");
  expect(fit.status).toBe(0);
  expect(JSON.parse(fit.stdout)).toMatchObject({ model: "my-swing" });
  expect(readFileSync(path.join(folder, "run/references.bib"), "utf8")).toContain("eprint = {1906.01563}");

  const forecast = (out: string): string => {
    const { status, stderr } = call("predict", "run", "--data", "swing.csv", "--observe", "1", "--out", out);
    expect(stderr).toContain("forecasts by my-swing");
    expect(status).toBe(0);
    return readFileSync(path.join(folder, out), "utf8");
  };
  const before = forecast("before.csv");
  rmSync(path.join(folder, "my-swing.js"));
  expect(forecast("after.csv")).toBe(before);
  expect(before.split("\n").length).toBe(5 * 101 + 2);
});

test("a run does not go on with another file than it began with", () => {
  expect(call("fit", "swing.csv", "--model", "./other.js", "--steps", "2", "--out", "stopped").status).toBe(0);
  const record = path.join(folder, "stopped/run.json");
  const kept = JSON.parse(readFileSync(record, "utf8")) as { readonly modelFiles: object };
  expect(kept.modelFiles).toEqual({ "./other.js": createHash("sha256").update(model).digest("hex") });
  writeFileSync(record, JSON.stringify({ ...kept, status: "stopped" }));
  writeFileSync(path.join(folder, "other.js"), model.replace("array([5])", "array([4])"));
  const { status, stderr } = call("fit", "--resume", "stopped");
  expect(status).toBe(2);
  expect(stderr).toMatch(
    /^Cannot go on with stopped: expected \.\/other\.js as it was \(SHA-256 \w{12}…\), got another/m,
  );
});

test("a module in a folder of CommonJS is told how to be one", () => {
  const old = temporaryFolder({ "my-swing.js": model, "swing.csv": damped, "package.json": '{ "type": "commonjs" }' });
  const { status, stderr } = spawnSync(process.execPath, [program, "fit", "swing.csv", "--model", "./my-swing.js"], {
    cwd: old,
    encoding: "utf8",
  });
  rmSync(old, { recursive: true, force: true });
  expect(status).toBe(2);
  expect(stderr).toContain('Name it FILE.mjs, or put "type": "module" into the nearest package.json.');
});
