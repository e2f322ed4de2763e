// The packed tarballs in an empty folder: the command line works there, and so does a program that imports the packages.
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type PackedProject, packedProject, published } from "./testing/packed-project.ts";

const recording = "examples/multiarm-pendulum/single.csv";
let project: PackedProject;

describe.skipIf(!existsSync("apps/cli/dist/main.js"))("the packed packages, installed into an empty folder", () => {
  beforeAll(() => {
    project = packedProject();
  }, 300_000);

  afterAll(() => {
    project.remove();
  });

  it("fit, and forecast from the run", () => {
    copyFileSync(recording, path.join(project.folder, "single.csv"));
    const command = path.join("node_modules", "leastaction", "bin", "leastaction.js");
    const printed = project.run(process.execPath, [
      command,
      "fit",
      "single.csv",
      "--model",
      "pendulum",
      "--steps",
      "4",
      "--target",
      "wasm",
      "--out",
      "run",
      "--json",
    ]);
    expect(JSON.parse(printed)).toHaveProperty("run", "run");
    project.run(process.execPath, [
      command,
      "predict",
      "run",
      "--from",
      "theta1=0.3,omega1=0",
      "--until",
      "1",
      "--every",
      "0.1",
      "--out",
      "forecast.csv",
    ]);
    expect(readFileSync(path.join(project.folder, "forecast.csv"), "utf8").trim().split("\n")).toHaveLength(12);
  });

  it("have entries and types that resolve, as their own checkers see them", () => {
    const tarballs = readdirSync(path.join(project.folder, "tarballs")).map((name) =>
      path.join(project.folder, "tarballs", name),
    );
    expect(tarballs).toHaveLength(published.length);
    for (const tarball of tarballs) {
      check("node_modules/@arethetypeswrong/cli/dist/index.js", ["--profile", "esm-only", tarball]);
      check("node_modules/publint/src/cli.js", ["--strict", tarball]);
    }
  });

  it("can be imported, without anything of the workspace", () => {
    const program = `
      import { array, evaluate, grad, mul } from "@leastaction/tensor";
      import { systemNamed } from "@leastaction/dynamics";
      import { nativeAvailable } from "@leastaction/native";
      import { formatOf } from "@leastaction/formats";
      const slope = evaluate(grad((x) => mul(x, x)), array(3)).data[0];
      console.log(slope, systemNamed("pendulum").name, typeof nativeAvailable().ok, typeof formatOf);
    `;
    writeFileSync(path.join(project.folder, "program.js"), program);
    expect(project.run(process.execPath, ["program.js"])).toBe("6 pendulum boolean function\n");
  });
});

function check(program: string, args: readonly string[]): void {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], { encoding: "utf8" });
  expect(status, `${program} ${args.join(" ")}\n${stdout}${stderr}`).toBe(0);
}
