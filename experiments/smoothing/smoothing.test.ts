/** The reduced form: one trajectory of two systems. */
import { describe, expect, it } from "vitest";
import { measure, spoilings } from "./protocol.ts";

describe("the spline is nearer to the true velocity", () => {
  it.each(spoilings.map((spoiling) => [spoiling.name, spoiling] as const))("with %s", (_name, spoiling) => {
    for (const system of ["pendulum", "spring-pendulum"]) {
      const { velocity } = measure(system, spoiling, 1);
      expect(velocity.spline, system).toBeLessThan(velocity.polynomial);
      expect(velocity.spline, system).toBeLessThan(velocity.none);
    }
  });
});
