/** The experiment of a name, and its words that a call may use. */
import type { Experiment, ExperimentWord } from "@leastaction/dynamics";
import { didYouMean } from "@leastaction/dynamics/nearest-name";
import { CommandError } from "../command-error.ts";

/** Errors (status 2): none of that name; the nearest one is named. */
export async function experimentByName(name: string): Promise<Experiment> {
  const { experiments } = await import("@leastaction/dynamics");
  return wordNamed("experiment", name, experiments, "`leastaction reproduce` lists them.");
}

/** The one of a few named things. Errors (status 2): none of that name. */
export function wordNamed<Word extends Pick<ExperimentWord, "name">>(
  kind: string,
  name: string,
  words: readonly Word[],
  otherwise: string,
): Word {
  const found = words.find((word) => word.name === name);
  if (found !== undefined) return found;
  const names = words.map((word) => word.name);
  const expected = names.length === 1 ? names[0] : `one of ${names.join(", ")}`;
  throw new CommandError(
    `Cannot find ${kind === "experiment" ? "an" : "a"} ${kind}: expected ${expected}, got ${name}`,
    didYouMean(name, names, otherwise),
    "unknown-name",
  );
}
