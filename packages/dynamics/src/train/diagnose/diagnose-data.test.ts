import { reference } from "@leastaction/tensor";
import { describe, expect, it } from "vitest";
import { readTable } from "../../data/read-table.ts";
import { hostRandom } from "../../random/host-random.ts";
import { simulate } from "../../system/simulate.ts";
import { systemNamed } from "../../system/systems.ts";
import { diagnoseData } from "./diagnose-data.ts";
import { diagnoseSystem } from "./diagnose-system.ts";

/** A table of some columns at 100 times, 0.1 s apart. */
function table(
  header: string,
  row: (t: number) => readonly (number | string)[],
  columns: Readonly<Record<string, string>> = {},
) {
  const lines = Array.from({ length: 100 }, (_, i) => [i / 10, ...row(i / 10)].join(","));
  return readTable(`t [s],${header}\n${lines.join("\n")}\n`, { name: "table.csv", columns });
}

describe("data that cannot answer", () => {
  it("leaves all open for a record at rest", async () => {
    const { normal } = hostRandom(3);
    const { verdicts, summary } = await diagnoseData(
      table("x [m],y [m]", () => [1 + 0.01 * normal(), 0.01 * normal()]),
    );
    expect([verdicts.lagrangian.verdict, verdicts.dissipation.verdict]).toEqual(["not-enough-data", "not-enough-data"]);
    expect(verdicts.lagrangian.reason).toContain("nothing moves");
    expect(summary).toHaveLength(5);
  });

  it("refuses a coordinate that follows from another, in the units of the data", async () => {
    const data = table("x [m],y [cm]", (t) => [Math.sin(t), 200 * Math.sin(t)]);
    await expect(diagnoseData(data)).rejects.toThrow(
      "Cannot diagnose table.csv: expected coordinates that move independently, got y = 200 x, up to a constant\n" +
        "Leave one of them out: --column y=ignore.",
    );
  });

  it.each<[string, string, (t: number, noise: () => number) => readonly (number | string)[], string]>([
    [
      "a coordinate that rests beside one that moves",
      "x [m],y [m]",
      (t, noise) => [Math.sin(t), 2 + 0.01 * noise()],
      "y rests: it does not vary by more than three times its noise; record a motion of it, or leave it out: --column y=ignore",
    ],
    [
      "copies with noise",
      "x [m],y [m]",
      (t, noise) => [Math.sin(t) + 0.05 * noise(), 2 * Math.sin(t) + 0.1 * noise()],
      "or, if it is bound to follow, leave it out: --column y=ignore",
    ],
    [
      "a column without values",
      "x [m],y [m]",
      (t) => [Math.sin(t), ""],
      "y has no values; leave it out: --column y=ignore",
    ],
    [
      "velocities that are not those of the positions",
      "x [m],vx [m/s],y [m],vy [m/s]",
      (t) => [Math.sin(t), 10 * Math.cos(t), Math.cos(1.7 * t), -1.7 * Math.sin(1.7 * t)],
      "times the rate of x. Check its unit and its sign, or say --column vx=ignore",
    ],
  ])("leaves all open for %s, with the remedy", async (_, header, row, reason) => {
    const random = hostRandom(3);
    const { verdicts } = await diagnoseData(table(header, (t) => row(t, () => random.normal())));
    const { lagrangian, lagrangianTimeDependent, dissipation } = verdicts;
    for (const { verdict } of [lagrangian, lagrangianTimeDependent, dissipation])
      expect(verdict).toBe("not-enough-data");
    expect(verdicts.lagrangian.reason).toContain(reason);
  });

  it("refuses recordings that are too short for velocities", async () => {
    const rows = Array.from({ length: 24 }, (_, i) => [Math.floor(i / 4), (i % 4) / 10, Math.sin(i)].join(","));
    const data = readTable(`run,t [s],x [m]\n${rows.join("\n")}\n`, {
      name: "short.csv",
      columns: { run: "trajectory" },
    });
    await expect(diagnoseData(data)).rejects.toThrow(
      "expected recordings of at least 10 times without a gap, got 4 at most",
    );
  });

  it("leaves all open for a law of first order, and says so", async () => {
    const { dataset } = simulate(systemNamed("lotka-volterra"), {
      seed: 1,
      trajectories: 4,
      duration: 20,
      samples: 80,
    });
    const { verdicts, notes } = await diagnoseData(dataset);
    expect(verdicts.lagrangian.verdict).toBe("not-enough-data");
    expect(verdicts.lagrangian.reason).toContain("velocities follow from positions");
    expect(notes).toContain("velocities of prey and predators are slopes of a smoothing spline through the positions");
  });
});

describe("one dimension", () => {
  it("has no question of a Lagrangian, and shows its friction", async () => {
    const options = { seed: 1, trajectories: 3, samples: 81, noise: { relative: 0.01 }, parameters: { damping: 0.2 } };
    const { verdicts, divergence } = await diagnoseData(simulate(systemNamed("oscillator"), options).dataset);
    expect(verdicts.lagrangian.verdict).toBe("not-enough-data");
    expect(verdicts.dissipation.verdict).toBe("exists");
    expect(divergence?.mean).toBeGreaterThan(-0.24);
    expect(divergence?.mean).toBeLessThan(-0.16);
  });

  it("tells dry friction from swings, in the units of the data, where a fitted field has no derivative for it", async () => {
    // Swings of 500 ms from 40 to -38, to 36, … degrees.
    const rows = Array.from({ length: 600 }, (_, i) => {
      const swing = Math.floor(i / 50);
      return `${10 * i},${(40 - 2 * swing - 1) * Math.cos((Math.PI * i) / 50) + (swing % 2 === 0 ? 1 : -1)}`;
    });
    const data = readTable(`t [ms],q [deg]\n${rows.join("\n")}\n`, { name: "dry.csv", columns: { q: "angle:deg" } });
    const { verdicts, energyLoss } = await diagnoseData(data);
    expect(verdicts.dissipation.verdict).toBe("exists");
    expect(verdicts.dissipation.reason).toContain("energy is lost");
    // A swing from a + 1 to a - 1 loses 2 a w², and the integral of v² is pi a² w / 2, w = pi / 500 ms; a = 19, 21, … 37.
    const { amplitude, damping } = energyLoss?.bins[0] ?? {};
    expect(amplitude).toBeCloseTo(28, 2);
    expect((damping?.value ?? 0) / ((4 * 28) / (500 * 817))).toBeCloseTo(1, 2);
  });

  it("says what becomes of jumps by a turn, and of controls", async () => {
    const wrap = (angle: number): number => angle - 360 * Math.round(angle / 360);
    const data = table("q [deg],u [V]", (t) => [wrap(90 * t + 20 * Math.sin(t)), Math.sin(3 * t)], {
      q: "angle:deg",
      u: "control:V",
    });
    const { notes, coverage } = await diagnoseData(data, { timeBudget: 1 });
    expect(notes.join("\n")).toContain("of a whole turn");
    expect(notes.join("\n")).toContain("controls (u) are not in the field");
    expect(coverage.trajectories).toBe(1);
  });
});

describe("systems", () => {
  it.each(["lorenz", "lotka-volterra"])("refuse %s, which is of first order", async (name) => {
    await expect(diagnoseSystem(systemNamed(name))).rejects.toThrow(
      `Cannot diagnose ${name}: expected a system of second order, got one of first order in `,
    );
  });

  it("exchange momenta only where velocities are linear in them", async () => {
    await expect(diagnoseSystem(systemNamed("relativistic-oscillator"))).rejects.toThrow("linear in the momenta");
  });

  it("have an energy where there is a g without time", async () => {
    const { verdicts, metrics } = await diagnoseSystem(systemNamed("henon-heiles"), { steps: 200 });
    expect(verdicts.lagrangian.verdict).toBe("exists");
    expect(metrics.map(({ energyDrift }) => energyDrift)).toEqual([expect.any(Number), null]);
    expect(metrics[0]?.energyDrift).toBeLessThan(0.05);
    expect(verdicts.lagrangian.reason).toContain("its energy changes by");
  });

  it("refute Douglas's case IV at single states", async () => {
    const { verdicts, certificate } = await diagnoseSystem(systemNamed("douglas-iv"), {
      steps: 1,
      target: reference(),
    });
    expect(verdicts.lagrangian.verdict).toBe("does-not-exist");
    expect(verdicts.lagrangianTimeDependent.verdict).toBe("does-not-exist");
    expect(certificate?.share).toBeGreaterThan(0.9);
  });
});

describe("motion that flies away", () => {
  it("is not told to lose volume because of its coordinates: free particles in polar ones", async () => {
    const random = hostRandom(5);
    const between = (low: number, high: number): number => low + (high - low) * random.uniform();
    const rows = Array.from({ length: 20 }, (_, run) => {
      const [place, speed, across] = [between(1, 2), between(0.2, 0.8), between(-0.8, 0.8)];
      return Array.from({ length: 61 }, (_, i) => {
        const t = i / 12;
        const [x, y] = [place + speed * t, across * t];
        const r = Math.hypot(x, y);
        const [rate, turning] = [(x * speed + y * across) / r, (x * across - y * speed) / r ** 2];
        return [run, t, r, Math.atan2(y, x), rate, turning].join(",");
      });
    });
    const data = readTable(`run,t [s],x [m],y [rad],vx [m/s],vy [rad/s]\n${rows.flat().join("\n")}\n`, {
      name: "away.csv",
    });
    const { verdicts, divergence } = await diagnoseData(data, { steps: 20 });
    expect(divergence?.high).toBeLessThan(-0.1);
    expect(verdicts.dissipation.verdict).toBe("not-enough-data");
    expect(verdicts.dissipation.reason).toContain("but the motions do not come back");
    expect(verdicts.lagrangian.verdict).not.toBe("does-not-exist");
  }, 60_000);
});
