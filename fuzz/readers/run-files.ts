/** `run.json`, as `compare`, `predict` and `fit --resume` read it. */
import { readFileSync } from "node:fs";
import { damageTree, type Json } from "../damage-tree.ts";
import { type FuzzedReader, isHouseMessage } from "../fuzz-reader.ts";
import { mutations } from "../mutate.ts";
import { Random } from "../random.ts";

const golden = "apps/cli/src/testing/golden";

/** The reader: of all that the commands read of it. */
export async function runFileReader(): Promise<FuzzedReader> {
  const { runRecordOf, testedRunOf } = await import("leastaction/run-files");
  return {
    name: "run",
    seeds: ["pendulum", "members", "controls", "before-delays"].map(
      (name) => new Uint8Array(readFileSync(`${golden}/${name}/run.json`)),
    ),
    mutations: (files, seed) => {
      const bytesOf = mutations(files, seed);
      return (index) => {
        const random = new Random(seed, index);
        if (random.below(4) === 0) return bytesOf(index);
        const tree = JSON.parse(new TextDecoder().decode(random.pick(files))) as Json;
        for (let turn = 0; turn <= random.below(random.below(5)); turn++) damageTree(tree, random);
        return new TextEncoder().encode(JSON.stringify(tree));
      };
    },
    read: (bytes) => {
      const text = new TextDecoder().decode(bytes);
      const refused = [runRecordOf, testedRunOf].flatMap((read) => {
        try {
          read(text, "runs/damaged");
          return [];
        } catch (error) {
          return [error];
        }
      });
      // What is worse than a message comes first.
      if (refused.length > 0) throw refused.find((error) => !isHouseMessage(error, ["CommandError"])) ?? refused[0];
    },
    allowed: (error) => isHouseMessage(error, ["CommandError"]),
  };
}
