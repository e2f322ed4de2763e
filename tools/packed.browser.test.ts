// The packed tarballs in a page that Vite built: a worker trains in Chromium and comes to the same bits as Node.
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { afterEach, describe, expect, it } from "vitest";
import { pageWithWorker, resultOfPage } from "./testing/built-page.ts";
import { chromiumPath } from "./testing/chromium.ts";
import { type PackedProject, packedProject } from "./testing/packed-project.ts";

const fitting = `
import { fit, simulate, systemNamed } from "@leastaction/dynamics";
export async function train() {
  const { dataset } = simulate(systemNamed("pendulum"), { seed: 3, trajectories: 5, duration: 4, samples: 81 });
  const { model } = await fit(dataset, { model: "dissipative-hamiltonian", steps: 8, seed: 1 });
  return [...model.toBytes()];
}
`;

/** The workload of the bench, at full size, with what it is made of. */
const workloadFiles = ["hnn.ts", "adam.ts", "optimiser.ts", "random.ts", "workload.ts"];
const training = `
import { wasm } from "@leastaction/tensor";
import { hnn } from "./hnn.ts";
import { compileStep } from "./workload.ts";
export async function train() {
  const { compiled, start } = compileStep(hnn, "float64", wasm());
  compiled.load(start);
  for (let step = 0; step < 20; step++) await compiled.run();
  return (await compiled.read()).loss.data[0];
}
`;

let project: PackedProject;

function projectWith(packages: readonly string[], sources: Readonly<Record<string, string>>): PackedProject {
  project = packedProject(packages);
  for (const [name, text] of Object.entries({ ...pageWithWorker, ...sources })) {
    writeFileSync(path.join(project.folder, name), text);
  }
  return project;
}

describe.skipIf(chromiumPath === undefined)("the packed packages in a page built with Vite", () => {
  afterEach(() => {
    project.remove();
  });

  it("train in a worker to the weights that Node finds, bit for bit", async () => {
    const { folder, run } = projectWith(["packages/tensor", "packages/dynamics"], {
      "train.js": fitting,
      "in-node.js": `import { train } from "./train.js"; console.log(JSON.stringify(await train()));`,
    });
    const inNode: unknown = JSON.parse(run(process.execPath, ["in-node.js"]));
    expect(await resultOfPage(folder)).toEqual(inNode);
  }, 300_000);

  it("train a Hamiltonian network with the tensor package alone to the loss that is known", async () => {
    const { folder } = projectWith(["packages/tensor"], { "train.js": training });
    for (const file of workloadFiles) copyFileSync(path.join("bench/workloads", file), path.join(folder, file));
    const { afterSteps } = JSON.parse(readFileSync("bench/workloads/reference/hnn.json", "utf8")) as {
      afterSteps: { steps: number; loss64: number };
    };
    expect(afterSteps.steps).toBe(20);
    const loss = (await resultOfPage(folder)) as number;
    expect(Math.abs(loss / afterSteps.loss64 - 1)).toBeLessThan(1e-9);
  }, 300_000);
});
