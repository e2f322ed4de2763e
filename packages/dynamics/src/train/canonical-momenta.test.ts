import { describe, expect, it } from "vitest";
import { dissipativeHamiltonian } from "../model/dissipative-hamiltonian.ts";
import { hamiltonian } from "../model/hamiltonian.ts";
import { neuralOde } from "../model/neural-ode.ts";
import { candidatesFor } from "../model/registry.ts";
import { plainFacts } from "../model/testing/plain-facts.ts";
import { velocitiesForMomenta } from "./canonical-momenta.ts";

describe("velocities in the place of canonical momenta", () => {
  it("are explained where there are several coordinates, with what to use instead", () => {
    const line = velocitiesForMomenta([neuralOde(), hamiltonian()], plainFacts(2, true)) as string;
    expect(line).toContain("hamiltonian took the velocities of q1 and q2 for canonical momenta");
    expect(line).toContain("p = M(q) v");
    expect(line).toContain(
      "there use double-pendulum, mechanical-lagrangian or dissipative-hamiltonian, which learn M, or neural-ode",
    );
    expect(velocitiesForMomenta([hamiltonian()], plainFacts(3))).not.toContain("double-pendulum");
  });

  it("are right for one coordinate, and no matter without a model that takes them so", () => {
    expect(velocitiesForMomenta([hamiltonian()], plainFacts(1, true))).toBeNull();
    expect(velocitiesForMomenta([dissipativeHamiltonian()], plainFacts(2, true))).toBeNull();
    expect(velocitiesForMomenta(candidatesFor(plainFacts(2, true)), plainFacts(2, true))).toBeNull();
  });
});
