/**
 * Models in one file and their safetensors. Most files are damaged in their `model.json`, as JSON, and packed again:
 * bytes that are changed blindly seldom come so far. Every program of a model that is accepted is run on both targets,
 * and a few models forecast.
 */
import { readFileSync } from "node:fs";
import type { Program } from "@leastaction/tensor";
import { damageTree, type Json } from "../damage-tree.ts";
import { type FuzzedReader, isHouseMessage, tenfold } from "../fuzz-reader.ts";
import { mutations } from "../mutate.ts";
import { Random } from "../random.ts";
import { fuzzLimits, programRunner } from "./programs.ts";

const golden = "apps/cli/src/testing/golden";
const runs = ["pendulum", "network", "baseline", "controls", "before-delays"];

/** One in so many accepted models forecasts, which compiles a loop. */
const forecasting = 200;

/** Good model files, found from the root of the repository. */
function modelFiles(): readonly Uint8Array[] {
  return runs.map((name) => new Uint8Array(readFileSync(`${golden}/${name}/model.safetensors`)));
}

/** The reader of model files. */
export async function modelReader(): Promise<FuzzedReader> {
  const { loadModel } = await import("@leastaction/dynamics");
  const { programFromJson, wasm } = await import("@leastaction/tensor");
  const run = await programRunner();
  const repack = await packer();
  let accepted = 0;
  return {
    name: "model",
    seeds: modelFiles(),
    mutations: (files, seed) => {
      const bytesOf = mutations(files, seed);
      const packed = files.map(repack);
      return (index) => {
        const random = new Random(seed, index);
        if (random.below(6) === 0) return bytesOf(index);
        const { record, pack } = random.pick(packed)();
        const { programs } = record as { readonly programs: { [part: string]: Json } };
        const part = random.pick(Object.keys(programs));
        const tree = random.below(5) < 3 ? (programs[part] as Json) : record;
        for (let turn = 0; turn <= random.below(random.below(4)); turn++) damageTree(tree, random);
        return pack();
      };
    },
    read: async (bytes) => {
      await loadModel(bytes);
      const model = await loadModel(bytes, undefined, wasm(), fuzzLimits);
      accepted += 1;
      for (const json of Object.values(model.record.programs)) run(programFromJson(json) as Program);
      if (accepted % forecasting === 1)
        await model.predict({ from: {}, until: 2 * model.record.dt, every: model.record.dt });
    },
    allowed: (error) => isHouseMessage(error, ["TensorError"]),
    // A chunk of a forecast holds 128 rows of every state and control.
    allowance: (length) => tenfold(length) + 2 ** 23,
  };
}

/** The reader of safetensors alone. */
export async function safetensorsReader(): Promise<FuzzedReader> {
  const { readSafetensors, writeSafetensors } = await import("@leastaction/dynamics");
  const { array } = await import("@leastaction/tensor");
  const tensors = {
    weight: array(Float64Array.of(1, -2.5, 3, 4, 5, 6), [2, 3]),
    bias: array(Float32Array.of(0.5, 2), [2]),
    steps: array(Int32Array.of(-7), []),
    key: array(Uint32Array.of(7, 9), [2]),
    mask: array(Uint8Array.of(0, 1, 1), [3, 1]),
    none: array(new Float64Array(0), [0, 4]),
  };
  return {
    name: "safetensors",
    seeds: [
      writeSafetensors({ tensors, metadata: { note: "größer" } }),
      writeSafetensors({ tensors: {}, metadata: {} }),
    ],
    read: (bytes) => {
      const { tensors: read } = readSafetensors(bytes);
      const size = Object.values(read).reduce((sum, { data }) => sum + data.byteLength, 0);
      if (size > bytes.length) throw new Error(`${size} bytes of tensors in ${bytes.length}`);
    },
    allowed: (error) => isHouseMessage(error, ["TensorError"]),
  };
}

interface Unpacked {
  readonly record: Json;
  /** The file with the record as it is now. */
  readonly pack: () => Uint8Array;
}

/** Takes a file apart, as often as wanted. */
async function packer(): Promise<(file: Uint8Array) => () => Unpacked> {
  const { readSafetensors, writeSafetensors } = await import("@leastaction/dynamics");
  return (file) => {
    const { tensors, metadata } = readSafetensors(file);
    const text = metadata["model.json"] as string;
    return () => {
      const record = JSON.parse(text) as Json;
      return { record, pack: () => writeSafetensors({ tensors, metadata: { "model.json": JSON.stringify(record) } }) };
    };
  };
}
