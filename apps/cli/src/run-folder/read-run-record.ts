/**
 * `run.json` as it is read: of this release or an older one, copied, cut off, or changed by hand. Every field has its
 * form; those that older releases did not write get what they stood for.
 */
import { z } from "zod";
import { CommandError } from "../command-error.ts";
import { targetNames } from "../target/choose-target.ts";
import { type RunRecord, runSchema } from "./run-record.ts";

const words = z.record(z.string(), z.string());
const configuration = z.object({
  models: z.array(z.string()).min(1),
  seed: z.int().min(0),
  seedCount: z.int().min(1),
  steps: z.int().min(1).nullable(),
  timeBudget: z.number().positive().nullable(),
  columns: words,
  mean: z.int().min(1).default(1),
  missing: z.array(z.string()).default([]),
  start: z
    .union([z.literal("trigger"), z.number()])
    .nullable()
    .default(null),
  stop: z.number().nullable().default(null),
  rate: z.number().positive().nullable().default(null),
  smooth: z.enum(["spline", "polynomial", "none"]).nullable().default(null),
  hold: words.default({}),
  delay: words.default({}),
  target: z.enum(targetNames).default("auto"),
});
const data = z.object({
  file: z.string(),
  sha256: z.string(),
  measurements: z.string(),
  bytes: z.number(),
  licence: z.string().nullable(),
});
const target = z.object({
  asked: z.enum(targetNames),
  used: z.enum(["wasm", "native", "native-fast", "wasm, then native"]),
  moved: z.number(),
  why: z.string(),
});
const layout = z.object({
  format: z.literal("leastaction-run"),
  schema: z.int().min(1),
  status: z.enum(["running", "finished", "stopped", "failed"]),
  started: z.string(),
  ended: z.string().nullable(),
  command: z.string(),
  configuration,
  given: z.array(z.string()).optional(),
  data: z.array(data).min(1),
  modelFiles: words.default({}),
  seeds: z.array(z.int()),
  software: words,
  hardware: z.object({ processor: z.string(), cores: z.number(), memoryGiB: z.number(), system: z.string() }),
  // Before targets could be chosen, programs ran in WebAssembly.
  target: target.default({ asked: "wasm", used: "wasm", moved: 0, why: "as asked" }),
  result: z.unknown(),
});
const version = z.object({ format: z.literal("leastaction-run"), schema: z.number() });

/**
 * The record of a text.
 *
 * @param folder the run as messages name it
 * Errors (status 2): no JSON, JSON of another kind, a field of another form, a newer schema.
 */
export function runRecordOf(text: string, folder: string): RunRecord {
  const json = parsed(text, folder);
  const stated = version.safeParse(json);
  if (stated.success && stated.data.schema > runSchema) {
    throw cannot(
      folder,
      `a run.json of schema ${runSchema} or older`,
      `schema ${stated.data.schema}`,
      "Use a newer release.",
    );
  }
  const read = layout.safeParse(json);
  if (!read.success) {
    const [issue] = read.error.issues;
    const place = issue?.path.join(".") || "content";
    throw cannot(
      folder,
      `a run.json of schema ${runSchema}`,
      `another ${place.slice(0, 80)} (${issue?.message ?? ""})`,
    );
  }
  return { ...read.data, given: read.data.given ?? read.data.data.map(({ file }) => file) };
}

function parsed(text: string, folder: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw cannot(folder, "a run.json that can be read", (error as Error).message);
  }
}

function cannot(
  folder: string,
  expected: string,
  found: string,
  remedy = "It is damaged: copy the folder again, or fit again.",
): CommandError {
  return new CommandError(`Cannot open the run ${folder}: expected ${expected}, got ${found}`, remedy, "unusable-run");
}
