// A saved model in a page, from plain ES modules under the strictest policy: the same bits as in Node.
import { type Forecast, fit, loadModel, simulate, systemNamed } from "@leastaction/dynamics";
import { describe, expect, test } from "vitest";
import { chromiumPath } from "../../../tools/testing/chromium.ts";
import { withSourcesPage } from "../../../tools/testing/serve-sources.ts";

type Numbers = readonly (readonly [header: string, values: readonly number[]])[];

const start = { from: { theta: 1, omega: 0 }, until: 10, every: 0.05 };

/** What runs in the page, as text: the test runner would rewrite its import. */
const inThePage = `async ({ bytes, options }) => {
  const { loadModel } = await import("@leastaction/dynamics");
  const model = await loadModel(Uint8Array.from(bytes));
  const { columns } = await model.predict(options);
  return columns.map(({ header, values }) => [header, [...values]]);
}`;

describe.skipIf(chromiumPath === undefined)("a saved model in a page", () => {
  test.each(["pendulum", "dissipative-hamiltonian"])("%s forecasts bit for bit what Node forecasts", async (model) => {
    const system = systemNamed("pendulum");
    const { dataset } = simulate(system, { trajectories: 5, duration: 5, samples: 101, parameters: { damping: 0.2 } });
    const run = await fit(dataset, { model, steps: 6 });
    const bytes = run.model.toBytes();
    const inNode = numbersOf(await (await loadModel(bytes)).predict(start));
    const given = JSON.stringify({ bytes: [...bytes], options: start });
    const inPage = await withSourcesPage((page) => page.evaluate(`(${inThePage})(${given})`));
    expect(inNode.map(([header]) => header)).toEqual(["t", "theta", "omega", "theta_low", "theta_high", "outside"]);
    expect(inNode.every(([, values]) => values.length === 201)).toBe(true);
    expect(inPage).toEqual(inNode);
  });
});

function numbersOf({ columns }: Forecast): Numbers {
  return columns.map(({ header, values }) => [header, [...values]]);
}
