// The packed tarballs in a page that Vite built: a worker trains in Chromium and comes to the same bits as Node.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import process from "node:process";
import { build } from "vite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chromiumPath, launchChromium } from "./testing/chromium.ts";
import { type PackedProject, packedProject } from "./testing/packed-project.ts";

const training = `
import { fit, simulate, systemNamed } from "@leastaction/dynamics";
export async function train() {
  const { dataset } = simulate(systemNamed("pendulum"), { seed: 3, trajectories: 5, duration: 4, samples: 81 });
  const { model } = await fit(dataset, { model: "dissipative-hamiltonian", steps: 8, seed: 1 });
  return [...model.toBytes()];
}
`;
const sources = {
  "train.js": training,
  "worker.js": `import { train } from "./train.js"; postMessage(await train());`,
  "main.js": `
    const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
    worker.onmessage = ({ data }) => { window.trained = data; };
    worker.onerror = ({ message }) => { window.trained = message; };
  `,
  "index.html": `<!doctype html><script type="module" src="./main.js"></script>`,
  "in-node.js": `import { train } from "./train.js"; console.log(JSON.stringify(await train()));`,
};
let project: PackedProject;

describe.skipIf(chromiumPath === undefined)("the packed packages in a page built with Vite", () => {
  beforeAll(() => {
    project = packedProject(["packages/tensor", "packages/dynamics"]);
    for (const [name, text] of Object.entries(sources)) writeFileSync(path.join(project.folder, name), text);
  }, 300_000);

  afterAll(() => {
    project.remove();
  });

  it("train in a worker to the weights that Node finds, bit for bit", async () => {
    const outDir = path.join(project.folder, "page");
    await build({
      root: project.folder,
      configFile: false,
      logLevel: "error",
      worker: { format: "es" },
      build: { outDir, target: "es2022" },
    });
    const inNode: unknown = JSON.parse(project.run(process.execPath, ["in-node.js"]));
    const server = await serve(outDir);
    const browser = await launchChromium();
    try {
      const page = await browser.newPage();
      await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/index.html`);
      await page.waitForFunction("window.trained !== undefined", undefined, { timeout: 60_000 });
      expect(await page.evaluate("window.trained")).toEqual(inNode);
    } finally {
      await browser.close();
      server.close();
    }
  }, 300_000);
});

const types: Readonly<Record<string, string>> = { ".html": "text/html", ".js": "text/javascript" };

/** The files of a folder, on the loopback. */
function serve(folder: string): Promise<Server> {
  const server = createServer((request, response) => {
    const name = path.join(folder, path.normalize(new URL(request.url ?? "/", "http://localhost").pathname));
    const found = existsSync(name);
    response.writeHead(found ? 200 : 404, { "content-type": types[path.extname(name)] ?? "application/octet-stream" });
    response.end(found ? readFileSync(name) : undefined);
  });
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      resolve(server);
    });
  });
}
