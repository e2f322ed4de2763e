/** Small fits that take every way of training: gradient descent with several seeds, least squares, probes of bands. */
import { writeFileSync } from "node:fs";
import path from "node:path";
import { simulate, systemNamed } from "@leastaction/dynamics";
import type { Question } from "./killed-run.ts";

/** The data and the model that the questions name. */
export function writeQuestions(folder: string): void {
  const { text } = simulate(systemNamed("pendulum"), {
    seed: 2,
    trajectories: 3,
    duration: 4,
    samples: 40,
    noise: 0.01,
  });
  writeFileSync(path.join(folder, "swing.csv"), text);
  // More parameters than least squares takes, in a program that compiles fast.
  const model = `import { neuralOde } from "leastaction";
export default { ...neuralOde({ hidden: [140] }), name: "wide" };
`;
  writeFileSync(path.join(folder, "wide.js"), model);
}

/** By the way of training. */
export function questionsIn(
  folder: string,
  members: number,
): Readonly<Record<"gradient descent" | "least squares", Question>> {
  const words = (...own: readonly string[]): Question => ({
    folder,
    members,
    words: ["swing.csv", "--target", "wasm", ...own],
  });
  return {
    "gradient descent": words("--model", "./wide.js", "--seeds", "2", "--steps", "15"),
    "least squares": words("--model", "pendulum,linear-state-space", "--steps", "40"),
  };
}
