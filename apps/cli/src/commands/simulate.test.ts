/** What `simulate` writes and refuses, that `fit` takes what it writes, and what `systems` prints. */
import { readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { systems } from "@leastaction/dynamics";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { main } from "../main.ts";
import { memoryIo, temporaryFolder } from "../testing/memory-io.ts";

let folder = "";
beforeAll(() => {
  folder = temporaryFolder({});
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function call(line: string): Promise<{ status: number; out: string; error: string }> {
  const io = memoryIo(folder);
  const status = await main(line.split(" "), io);
  return { status, out: io.text("out"), error: io.text("error") };
}

async function table(line: string): Promise<readonly (readonly string[])[]> {
  const { status, error } = await call(`simulate ${line} --out table.csv`);
  expect(error).toContain("Next: leastaction fit table.csv");
  expect(status).toBe(0);
  const text = readFileSync(path.join(folder, "table.csv"), "utf8");
  return text
    .trimEnd()
    .split("\n")
    .map((row) => row.split(","));
}

const short = "--trajectories 2 --duration 2 --samples 21";

describe("simulate", () => {
  test("writes the system's own names, controls last, with units where they are wanted", async () => {
    const [header, first] = await table(`cart-pole ${short} --control random --amplitude 0.5`);
    expect(header).toEqual(["trajectory", "t", "x", "theta", "v", "omega", "force"]);
    const [stated] = await table(`cart-pole ${short} --control random --units`);
    expect(stated).toEqual(["trajectory", "t [s]", "x [m]", "theta [rad]", "v [m/s]", "omega [rad/s]", "force [N]"]);
    expect(Math.abs(Number(first?.[6]))).toBeLessThanOrEqual(0.5);
  });

  test("leaves out rates and cells", async () => {
    const rows = await table(`henon-heiles ${short} --positions-only --missing 0.3`);
    expect(rows[0]).toEqual(["trajectory", "t", "x", "y"]);
    const empty = rows.flat().filter((cell) => cell === "").length;
    expect(empty).toBeGreaterThan(5);
    expect(empty).toBeLessThan(50);
  });

  test("takes noise in SI and in per cent, and constants of a system of any size", async () => {
    const still = await table(`fput-chain-3 ${short} --set alpha=0 --set beta=0.5`);
    const noisy = await table(`fput-chain-3 ${short} --set alpha=0 --set beta=0.5 --noise 1%`);
    expect(noisy[0]).toEqual(["trajectory", "t", "q1", "q2", "q3", "p1", "p2", "p3"]);
    const differences = noisy.slice(1).map((row, index) => Number(row[2]) - Number(still[index + 1]?.[2]));
    expect(Math.max(...differences.map(Math.abs))).toBeGreaterThan(0);
    expect(Math.max(...differences.map(Math.abs))).toBeLessThan(0.06);
  });

  test.each([
    ["pendulum --set lenght=2", "Cannot set lenght of pendulum: expected one of mass, length", "Did you mean length?"],
    ["douglas-iv --set mass=1", "expected no constant, got mass", "`leastaction systems douglas-iv`"],
    ["pendulum --set mass=-1", "expected a number of at least 1e-9, got -1", "constants and their ranges"],
    ["pendulum --control wave", 'expected chirp, steps or random, got "wave"', "--control chirp"],
    ["lorenz --control steps", "expected a system with a control, got lorenz", "leastaction systems NAME"],
    ["pendulum --amplitude 2", "expected a signal to scale, got no --control", "--control steps --amplitude 0.5"],
    ["pendulum --missing 1", "expected a fraction below 1, got 1", "--missing 0.05"],
    ["pendulum --noise 1/2", 'expected a number from zero up, got "1/2"', "--noise 1%"],
    ["pendulum --noise 1e308", "expected noise to be so small that measured values stay finite, got 1e+308", "noise"],
    ["lorentz", "got lorentz", "Did you mean lorenz?"],
    ["toda-chain-2", "expected 3 to 64 particles, got 2", "toda-chain-6"],
    ["pendulum-2", "got pendulum-2", "Did you mean pendulum?"],
  ])("%s is refused with a remedy", async (line, problem, remedy) => {
    const { status, error, out } = await call(`simulate ${line} --out refused.csv`);
    expect(error).toContain(problem);
    expect(error.trimEnd().split("\n").at(-1)).toContain(remedy);
    expect([status, out]).toEqual([2, ""]);
  });
});

interface Answer {
  readonly ranking: readonly { readonly model: string }[];
  readonly test: { readonly rmse: Readonly<Record<string, number>> };
}

async function fitted(name: string, simulated: string, fit: string): Promise<Answer & { readonly error: string }> {
  expect((await call(`simulate ${simulated} --out ${name}.csv`)).status).toBe(0);
  const { status, out, error } = await call(`fit ${name}.csv ${fit} --json --out ${name}`);
  expect(error).not.toContain("fault");
  expect(status).toBe(0);
  return { ...(JSON.parse(out) as Answer), error };
}

describe("fit takes what simulate writes", () => {
  test("with noise, gaps and friction: the constants come back", async () => {
    const options = "--trajectories 6 --duration 6 --samples 151 --noise 1% --missing 0.03 --set damping=0.1";
    const { error, test: tested } = await fitted("swing", `pendulum ${options}`, "--model pendulum --steps 6");
    const [, w2] = / w2 +(\d+\.\d+) ±/.exec(error) ?? [];
    expect(Math.abs(Number(w2) - 9.81)).toBeLessThan(0.05);
    expect(Object.values(tested.rmse)[0]).toBeLessThan(0.02);
  });

  test("with a control: a linear law answers to it", async () => {
    const options = "--trajectories 6 --duration 12 --samples 121 --control steps --set damping=0.2 --units";
    const { error, test: tested } = await fitted("driven", `oscillator ${options}`, "--model linear-state-space,hold");
    expect(error).toContain("force: control [N]");
    expect(Object.values(tested.rmse)[0]).toBeLessThan(0.01);
  });

  test("of first order: a network takes the variables as coordinates", async () => {
    const options = "--trajectories 5 --duration 12 --samples 61";
    const { error, ranking } = await fitted("prey", `lotka-volterra ${options}`, "--model neural-ode,hold --steps 3");
    expect(error).toContain("predators: coordinate");
    expect(error).toContain("Velocities were estimated from positions");
    expect(ranking.map(({ model }) => model).sort()).toEqual(["hold", "neural-ode"]);
  });
});

describe("systems", () => {
  test("lists each system, and the families", async () => {
    const { out } = await call("systems");
    const lines = out.split("\n").map((line) => line.trim().replace(/ {2,}/, ": "));
    for (const { name, summary } of systems) expect(lines).toContain(`${name}: ${summary}`);
    expect(out).toContain("toda-chain-N       3 to 64 particles");
  });

  test("prints a record with equations, invariants, symmetries and constants", async () => {
    const { out } = await call("systems kepler");
    for (const words of [
      "vx' = -mu x / r^3",
      "coordinates  x [m], y [m]",
      "velocities   vx [m/s], vy [m/s]",
      "controls     none",
      "angular momentum [kg m^2/s], eccentricity x, eccentricity y",
      "rotation: positions and rates turn together",
      "Landau, Lifshitz, 1976",
      "mu    1 m^3/s^2  attraction of the centre",
    ])
      expect(out).toContain(words);
    expect((await call("systems henon-heiles")).out).toContain("momenta      px, py");
    expect((await call("systems lorenz")).out).toContain("variables   x, y, z");
    expect((await call("systems van-der-pol")).out).toContain("squared amplitude with other constants");
    expect((await call("systems linked-pendulum-5")).out).toContain("theta5 [rad]");
  });
});
