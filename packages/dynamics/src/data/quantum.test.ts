import { describe, expect, it } from "vitest";
import { hostRandom } from "../random/host-random.ts";
import { quantumOf } from "./quantum.ts";

const swing = Float64Array.from({ length: 400 }, (_, row) => 40 * Math.sin(row / 17) + 3);
const onGrid = (quantum: number): Float64Array => swing.map((value) => quantum * Math.round(value / quantum));

describe("quantumOf", () => {
  it.each([360 / 4096, 0.5, 1e-3, 3.7])("finds a quantum of %f", (quantum) => {
    expect((quantumOf(onGrid(quantum)) ?? Number.NaN) / quantum).toBeCloseTo(1, 9);
  });

  it("finds it in other units, with an offset, missing values and few decimals", () => {
    const inRadians = onGrid(360 / 4096).map((value) => (value * Math.PI) / 180 + 0.123456789);
    inRadians[7] = Number.NaN;
    expect(quantumOf(inRadians)).toBeCloseTo((2 * Math.PI) / 4096, 9);
    const printed = onGrid(360 / 4096).map((value) => Number(value.toFixed(3)));
    // The table's own grid is finer than the rounding of the encoder's lines shows: the encoder is what counts.
    expect(quantumOf(printed)).toBeCloseTo(360 / 4096, 4);
  });

  it("finds none in numbers that are not rounded, in too few, and in a constant", () => {
    const { normal } = hostRandom(1);
    expect(quantumOf(swing)).toBeNull();
    expect(quantumOf(swing.map(() => normal()))).toBeNull();
    expect(quantumOf(onGrid(0.5).subarray(0, 10))).toBeNull();
    expect(quantumOf(new Float64Array(100).fill(3))).toBeNull();
  });
});
