// Several threads in a page: the same bits as on one, in the page's own thread and in a worker of it; and what a page does
// that may not share memory.
import { describe, expect, test } from "vitest";
import { chromiumPath } from "../../../../../tools/testing/chromium.ts";
import { withSourcesPage } from "../../../../../tools/testing/serve-sources.ts";

/** Trains on 1, 2 and 3 threads: whether the bits are the same, how many workers were made, and what was warned of. */
const training = `async (tensor) => {
  const { add, array, compile, grad, matmul, mul, sub, sumOfSquares, tanh, wasm } = tensor;
  const warnings = [];
  console.warn = (text) => warnings.push(text);
  let workers = 0;
  const Made = globalThis.Worker;
  globalThis.Worker = class extends Made { constructor(...given) { super(...given); workers++; } };
  const random = (count) => Float32Array.from({ length: count }, (_, i) => Math.fround(((i * 7919) % 1009) / 1009 - 0.5));
  const x = array(random(12000), [2000, 6]);
  const loss = (weights) => { const hidden = tanh(matmul(x, weights)); return sumOfSquares(sub(mul(hidden, tanh(hidden)), 0.3)); };
  const step = (weights) => sub(weights, mul(1e-4, grad(loss)(weights)));
  const train = async (threads) => {
    const start = array(random(192), [6, 32]);
    const compiled = compile(step, [start], wasm({ threads, schedule: { leastDivided: 65536 } }));
    compiled.load(start);
    for (let i = 0; i < 60; i++) {
      compiled.runSync();
      if (i % 20 === 0) await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return [...compiled.read().data].join();
  };
  const results = [await train(1), await train(2), await train(3)];
  return { isSame: new Set(results).size === 1, isFinite: !results[0].includes("NaN"), workers, warnings };
}`;

const inPage = `import("@leastaction/tensor").then(${training})`;
/** Import maps are for pages: a worker imports by place. */
const inWorker = `new Promise((resolve, reject) => {
  const source = "import('" + location.origin + "/packages/tensor/src/index.ts')" + ${JSON.stringify(`.then(${training}).then(postMessage)`)};
  const worker = new Worker(URL.createObjectURL(new Blob([source], { type: "text/javascript" })), { type: "module" });
  worker.onmessage = ({ data }) => resolve(data);
  worker.onerror = ({ message }) => reject(new Error(message));
})`;

describe.skipIf(chromiumPath === undefined)("threads in Chromium", () => {
  test.each([
    ["a page", inPage],
    ["a worker of a page", inWorker],
  ])("%s that is isolated gives the same bits on 1, 2 and 3 of them", async (_, script) => {
    const found = await withSourcesPage((page) => page.evaluate(script), "isolated");
    expect(found).toEqual({ isSame: true, isFinite: true, workers: 3, warnings: [] });
  });

  test("a page that is not isolated uses one, and says why", async () => {
    const found = await withSourcesPage((page) => page.evaluate(inPage));
    expect(found).toMatchObject({ isSame: true, workers: 0 });
    const [warning, ...more] = (found as { readonly warnings: readonly string[] }).warnings;
    expect(warning).toMatch(/^Cannot use 2 threads: expected SharedArrayBuffer, got a page that is not cross-origin/);
    expect(more).toEqual([]);
  });
});
