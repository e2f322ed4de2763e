import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { runProtocol } from "./protocol.ts";

const table = readFileSync(new URL("../../examples/multiarm-pendulum/single.csv", import.meta.url), "utf8");

describe("the measured pendulum, trained on id and tested on smaller swings", () => {
  it("is forecast by the grey box over 9.2 s within 0.010 rad, in a band that holds", async () => {
    const [row] = await runProtocol({ table, model: "pendulum", seed: 0, seeds: 1 });
    expect(row?.rmse).toBeLessThan(0.01);
    expect(row?.coverage).toBeGreaterThan(0.8);
    expect(row?.coverage).toBeLessThan(0.97);
    const w2 = row?.constants.find(({ name }) => name === "w2");
    expect(w2?.value).toBeGreaterThan(63.5);
    expect(w2?.value).toBeLessThan(64.5);
  });

  it("is forecast by the dissipative network within 0.018 rad after a short training", async () => {
    const [row] = await runProtocol({ table, model: "dissipative-hamiltonian", seed: 1, seeds: 1, steps: 80 });
    expect(row?.rmse).toBeLessThan(0.018);
  });
});
