import { algebraicCertificate } from "@leastaction/dynamics";
import { array, type HostTensor } from "@leastaction/tensor";
import { describe, expect, it } from "vitest";
import { type Coupling, oscillatorRing, ringMotions } from "./oscillator-ring.ts";
import { measure, threshold } from "./protocol.ts";

function somePoints(n: number, coupling: Coupling): HostTensor {
  const ring = oscillatorRing(n, coupling, 2);
  const { data } = ringMotions(ring, 2, 2, 2);
  return array(Float64Array.from(data), [4, 1 + 2 * n]);
}

describe("rings of oscillators", () => {
  it.each([4, 6])("of %i have the metric that is theirs, and none where springs are one-sided", (n) => {
    const asked = (coupling: Coupling) =>
      algebraicCertificate({
        field: oscillatorRing(n, coupling, 2).field,
        points: somePoints(n, coupling),
        derivatives: 1,
      });
    for (const coupling of ["mutual", "reversed"] as const) {
      const { refuted, remaining } = asked(coupling);
      expect(refuted).toBe(0);
      for (const { dimension } of remaining) expect(dimension).toBe(1);
    }
    const { refuted, remaining } = asked("one-sided");
    expect(refuted).toBe(4);
    for (const { singularValues } of remaining) expect(singularValues.at(-1)).toBeGreaterThan(1e-6);
  });

  it("are told apart by a short training, also where g is indefinite", async () => {
    const fitted = async (coupling: Coupling): Promise<number> =>
      (await measure(3, coupling, 1, "relative", { steps: 150 })).median;
    expect(await fitted("reversed")).toBeLessThan(threshold);
    expect(await fitted("one-sided")).toBeGreaterThan(10 * threshold);
  });
});
