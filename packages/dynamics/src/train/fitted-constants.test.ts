import { describe, expect, it } from "vitest";
import { readTable } from "../data/read-table.ts";
import { hostRandom } from "../random/host-random.ts";
import { fit } from "./fit.ts";

/** A pendulum with q'' = -20 sin q - 0.1 v, noise of 2 mrad, three releases. */
function pendulumTable(seed: number): string {
  const random = hostRandom(seed);
  const rows = ["t,theta [rad],run"];
  for (const [run, release] of [1.2, 0.9, 0.6].entries()) {
    let [q, v] = [release, 0];
    for (let i = 0; i < 300; i++) {
      rows.push(`${i * 0.02},${q + 0.002 * random.normal()},${run}`);
      for (let k = 0; k < 200; k++) {
        const half = v + 5e-5 * (-20 * Math.sin(q) - 0.1 * v);
        q += 1e-4 * half;
        v = half + 5e-5 * (-20 * Math.sin(q) - 0.1 * half);
      }
    }
  }
  return rows.join("\n");
}

describe("the constants of a pendulum", () => {
  it("hold the truth in their intervals and say what cannot be known", async () => {
    const data = readTable(pendulumTable(1), { columns: { theta: "angle:rad" } });
    const { model } = await fit(data, { model: "pendulum" });
    const constant = (name: string) => model.record.constants.find((row) => row.name === name);
    const w2 = constant("w2");
    expect(Math.abs((w2?.value ?? 0) - 20)).toBeLessThan(2 * (w2?.halfWidth ?? 0));
    expect(w2?.halfWidth).toBeLessThan(0.1);
    expect(w2?.unit).toBe("1/s^2");
    expect(Math.abs(constant("q0")?.value ?? 1)).toBeLessThan(2 * (constant("q0")?.halfWidth ?? 0));
    expect(Math.abs((constant("c1")?.value ?? 0) - 0.1)).toBeLessThan(2 * (constant("c1")?.halfWidth ?? 0));
    expect(model.record.unidentifiable).toContain("g apart");
  });
});
