/** A finished run as `compare` needs it: what was asked, on which data, and how each member did on the test data. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { CommandError } from "../command-error.ts";
import { runSchema } from "../run-folder/run-record.ts";

const byCoordinate = z.record(z.string(), z.number());
const piece = z.object({ trajectory: z.string(), rmse: byCoordinate, fit: byCoordinate, validTime: z.number() });
const member = z.object({
  model: z.string(),
  seed: z.number(),
  steps: z.number(),
  seconds: z.number(),
  test: z
    .object({
      rmse: byCoordinate,
      fit: byCoordinate,
      validTime: z.number(),
      units: z.record(z.string(), z.string()),
      pieces: z.array(piece).min(1),
    })
    .nullable(),
});
const layout = z.object({
  format: z.literal("leastaction-run"),
  schema: z.number(),
  status: z.string(),
  configuration: z.object({ timeBudget: z.number().nullable() }),
  data: z.array(z.object({ file: z.string(), measurements: z.string() })).min(1),
  result: z
    .object({
      model: z.string(),
      uses: z.array(z.string()),
      observe: z.number(),
      ranking: z.array(z.object({ model: z.string(), kind: z.string() })),
      members: z.array(member).min(1),
    })
    .nullable(),
});

/** Errors by coordinate, in its unit or in %, and the time that a forecast was good for. */
export interface TestedErrors {
  readonly rmse: Readonly<Record<string, number>>;
  readonly fit: Readonly<Record<string, number>>;
  readonly validTime: number;
}

/** One member and its test. */
export interface TestedMember {
  readonly model: string;
  readonly seed: number;
  readonly steps: number;
  readonly seconds: number;
  readonly test: TestedErrors & {
    readonly units: Readonly<Record<string, string>>;
    readonly pieces: readonly (TestedErrors & { readonly trajectory: string })[];
  };
}

/** A run whose test can be compared. */
export interface TestedRun {
  /** As the user wrote it. */
  readonly folder: string;
  readonly timeBudget: number | null;
  readonly measurements: readonly string[];
  /** How the data were divided, line by line. */
  readonly uses: readonly string[];
  /** s at the start of each test piece that its state was estimated from. */
  readonly observe: number;
  /** The model that was chosen, by the selection data. */
  readonly winner: string;
  readonly kinds: ReadonlyMap<string, string>;
  readonly members: readonly TestedMember[];
}

/** Errors (status 2): no run there, not finished, of another release, without an independent test. */
export async function readTestedRun(folder: string, cwd: string): Promise<TestedRun> {
  const file = path.resolve(cwd, folder, "run.json");
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw cannot(folder, "a folder with a run.json", code === "ENOENT" ? "none" : code);
  });
  return testedRunOf(text, folder);
}

/** The run of the text of a `run.json`. Errors (status 2): as those of `readTestedRun`. */
export function testedRunOf(text: string, folder: string): TestedRun {
  const read = layout.safeParse(parsed(text, folder));
  if (!read.success) {
    const [issue] = read.error.issues;
    const found = `${issue?.path.join(".") ?? ""}: ${issue?.message ?? "another layout"}`;
    throw cannot(folder, `a run.json of schema ${runSchema}`, found, "Fit again with this release.");
  }
  const { schema, status, result, configuration, data } = read.data;
  if (schema > runSchema) throw cannot(folder, `schema ${runSchema}`, `schema ${schema}`, "Use a newer release.");
  if (status !== "finished" || result === null) {
    throw cannot(folder, "a finished run", `one that is ${status}`, "Fit again and let it come to its end.");
  }
  const members = result.members.flatMap(({ test, ...rest }) => (test === null ? [] : [{ ...rest, test }]));
  if (members.length === 0) {
    throw cannot(
      folder,
      "a run with an independent test",
      "one without",
      "Record more, or name a test by a split column.",
    );
  }
  return {
    folder,
    timeBudget: configuration.timeBudget,
    measurements: data.map(({ measurements }) => measurements),
    uses: result.uses,
    observe: result.observe,
    winner: result.model,
    kinds: new Map(result.ranking.map(({ model, kind }) => [model, kind])),
    members,
  };
}

function parsed(text: string, folder: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw cannot(folder, "a run.json that can be read", (error as Error).message);
  }
}

function cannot(folder: string, expected: string, found: string, remedy?: string): CommandError {
  return new CommandError(
    `Cannot compare the run ${folder}: expected ${expected}, got ${found}`,
    remedy ?? "Name folders that fit has written, for example runs/pendulum-1.",
    "unusable-run",
  );
}
