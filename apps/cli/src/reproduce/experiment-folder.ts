/**
 * The folder of a reproduction: `experiment.json` says of what, `outcomes/PART-seed-K.json` holds each training that is
 * done, `runs/PART-seed-K/` the checkpoints of one that is not, and `results.json`, `report.html`, `figures/` what they
 * give together. Several processes may add to one folder at a time: what is locked is each training, not the folder.
 */
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import type { Experiment, ExperimentForm, ExperimentOutcome, ExperimentSetting } from "@leastaction/dynamics";
import { z } from "zod";
import { CommandError } from "../command-error.ts";
import { prepareOut } from "../run-folder/prepare-out.ts";
import { writeWhole } from "../write-file.ts";

/** What a folder is of. */
export interface ExperimentIdentity {
  readonly experiment: string;
  readonly form: ExperimentForm;
  readonly control: string | null;
}

/** Where and of what. */
export interface ExperimentFolder extends ExperimentIdentity {
  /** As messages name it. */
  readonly shown: string;
  readonly full: string;
}

/** An outcome with what it was made by. */
export interface KeptOutcome {
  readonly outcome: ExperimentOutcome;
  readonly environment: Readonly<Record<string, string | number>>;
}

const schema = 1;
const recordName = "experiment.json";

const identityForm = z.object({
  schema: z.literal(schema),
  experiment: z.string(),
  form: z.enum(["full", "quick"]),
  control: z.string().nullable(),
});

const outcomeForm = z.object({
  outcome: z.object({
    experiment: z.string(),
    part: z.string(),
    form: z.enum(["full", "quick"]),
    seed: z.number(),
    control: z.string().nullable(),
    setting: z.record(z.string(), z.json()),
    status: z.enum(["finished", "diverged"]),
    steps: z.number(),
    seconds: z.number(),
    measures: z.record(z.string(), z.number().nullable()),
    curves: z.array(z.object({ name: z.string(), steps: z.array(z.number()), values: z.array(z.number()) })),
  }),
  environment: z.record(z.string(), z.union([z.string(), z.number()])),
});

/** A new folder: the one that is named, or the next free `runs/NAME-n`. Errors: it holds something (status 2). */
export async function newExperimentFolder(
  identity: ExperimentIdentity,
  out: string | null,
  cwd: string,
): Promise<ExperimentFolder> {
  const orElse = "go on with that one by adding --resume";
  const folder = await prepareOut({ out, force: false, orElse, data: identity.experiment, cwd });
  try {
    await writeWhole(path.join(folder.full, recordName), `${JSON.stringify({ schema, ...identity }, null, 2)}\n`);
  } finally {
    folder.lock.release();
  }
  return { ...identity, shown: folder.shown, full: folder.full };
}

/** A folder to go on with. Errors (status 2): none, or one of something else; other settings. */
export async function openExperimentFolder(
  identity: ExperimentIdentity,
  shown: string,
  cwd: string,
): Promise<ExperimentFolder> {
  const full = path.resolve(cwd, shown);
  const text = await readFile(path.join(full, recordName), "utf8").catch(() => "null");
  const read = identityForm.safeParse(parsed(text));
  if (!read.success) {
    throw cannotGoOn(shown, `a folder with the ${recordName} of \`leastaction reproduce\``, "none");
  }
  const [asked, found] = [identityWords(identity), identityWords(read.data)];
  if (asked !== found) throw cannotGoOn(shown, found, asked);
  return { ...identity, shown, full };
}

function identityWords({ experiment, form, control }: ExperimentIdentity): string {
  return `${experiment}, ${form}${control === null ? "" : `, control ${control}`}`;
}

/** The name of a training in the folder. */
export function trainingName({ part, seed }: Pick<ExperimentOutcome, "part" | "seed">): string {
  return `${part}-seed-${seed}`;
}

/** All that are done, in the order of names. Errors: one that was made with other settings, or cannot be read (status 2). */
export async function readOutcomes(folder: ExperimentFolder, experiment: Experiment): Promise<readonly KeptOutcome[]> {
  const place = path.join(folder.full, "outcomes");
  const names = (await readdir(place).catch(() => [])).filter((name) => name.endsWith(".json")).sort();
  const read = names.map(async (name): Promise<KeptOutcome> => {
    const shown = path.join(folder.shown, "outcomes", name);
    const found = outcomeForm.safeParse(parsed(await readFile(path.join(place, name), "utf8")));
    if (!found.success) throw cannotGoOn(shown, "the outcome of a training", "another file");
    const { outcome } = found.data as KeptOutcome;
    expectOwn(shown, name, outcome, folder, experiment);
    expectSetting(shown, experiment.setting(outcome), outcome.setting);
    return found.data as KeptOutcome;
  });
  return Promise.all(read);
}

/** Errors (status 2): an outcome that was copied from another folder, or under another name. */
function expectOwn(
  shown: string,
  file: string,
  outcome: ExperimentOutcome,
  folder: ExperimentIdentity,
  { parts }: Experiment,
): void {
  if (identityWords(outcome) !== identityWords(folder)) {
    throw cannotGoOn(shown, identityWords(folder), identityWords(outcome));
  }
  if (!parts.some(({ name }) => name === outcome.part)) {
    throw cannotGoOn(shown, `a part of ${folder.experiment}`, outcome.part);
  }
  const name = `${trainingName(outcome)}.json`;
  if (file !== name) throw cannotGoOn(shown, `the name ${name}`, file);
}

/** Errors (status 2): the settings differ. */
export function expectSetting(shown: string, expected: ExperimentSetting, found: unknown): void {
  const given = (found ?? {}) as ExperimentSetting;
  const differing = Object.keys({ ...expected, ...given }).find(
    (key) => JSON.stringify(expected[key]) !== JSON.stringify(given[key]),
  );
  if (differing === undefined) return;
  const told = (setting: ExperimentSetting): string => `${differing} ${JSON.stringify(setting[differing] ?? null)}`;
  throw cannotGoOn(shown, told(expected), told(given));
}

export async function writeOutcome(folder: ExperimentFolder, kept: KeptOutcome): Promise<void> {
  const file = path.join(folder.full, "outcomes", `${trainingName(kept.outcome)}.json`);
  await writeWhole(file, `${JSON.stringify(kept)}\n`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function cannotGoOn(shown: string, expected: string, found: string): CommandError {
  return new CommandError(
    `Cannot go on with ${shown}: expected ${expected}, got ${found}`,
    "Call with what the folder was begun with, or choose another --out.",
    "unusable-run",
  );
}
