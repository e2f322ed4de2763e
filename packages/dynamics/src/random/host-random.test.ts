import { describe, expect, it } from "vitest";
import { hostRandom, threefry2x32 } from "./host-random.ts";

describe("threefry2x32", () => {
  it("gives the published vectors", () => {
    const ones = 0xffffffff;
    expect(threefry2x32([0, 0], [0, 0])).toEqual([0x6b200159, 0x99ba4efe]);
    expect(threefry2x32([ones, ones], [ones, ones])).toEqual([0x1cb996fc, 0xbb002be7]);
    expect(threefry2x32([0x13198a2e, 0x03707344], [0x243f6a88, 0x85a308d3])).toEqual([0xc4923a9c, 0x483df7a0]);
  });
});

describe("hostRandom", () => {
  it("repeats itself for equal seeds and differs for others", () => {
    const draw = (seed: number): number[] => Array.from({ length: 5 }, hostRandom(seed).uniform);
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
    expect(draw(2 ** 32 + 7)).not.toEqual(draw(7));
  });

  it("forks independently of what was drawn before", () => {
    const first = hostRandom(1);
    const second = hostRandom(1);
    second.uniform();
    expect(first.fork(3).uniform()).toBe(second.fork(3).uniform());
    expect(first.fork(3).uniform()).not.toBe(first.fork(4).uniform());
  });

  it("goes on from where another stopped", () => {
    const first = hostRandom(1).fork(3);
    for (const draw of [first.uniform, first.normal, first.uniform]) draw();
    const second = hostRandom(1).fork(3);
    second.goOn(first.drawn());
    expect(first.drawn()).toBe(4);
    expect(second.normal()).toBe(first.normal());
  });

  it("has the moments of the uniform and the normal distribution", () => {
    const random = hostRandom(0);
    const count = 20_000;
    const uniform = Array.from({ length: count }, random.uniform);
    const normal = Array.from({ length: count }, random.normal);
    const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / count;
    const square = (values: number[]): number => mean(values.map((value) => value * value));
    // Five standard errors each.
    expect(Math.abs(mean(uniform) - 1 / 2)).toBeLessThan(5 / Math.sqrt(12 * count));
    expect(Math.abs(square(uniform) - 1 / 3)).toBeLessThan((5 * Math.sqrt(4 / 45)) / Math.sqrt(count));
    expect(Math.abs(mean(normal))).toBeLessThan(5 / Math.sqrt(count));
    expect(Math.abs(square(normal) - 1)).toBeLessThan((5 * Math.sqrt(2)) / Math.sqrt(count));
  });
});
