/** A model as the user names it: one of ours, or a file of theirs. */
import type { AnyModel } from "@leastaction/dynamics";
import { didYouMean } from "@leastaction/dynamics/nearest-name";
import { CommandError } from "./command-error.ts";

/** Errors (status 2): no model of that name, with the nearest one; a file that holds no model. */
export async function modelByName(name: string, cwd: string): Promise<AnyModel> {
  const { isModelFile, loadUserModel } = await import("./user-module/load-user-model.ts");
  if (isModelFile(name)) return loadUserModel(name, cwd);
  const { models } = await import("@leastaction/dynamics");
  const found = models.find((model) => model.name === name);
  if (found !== undefined) return found;
  const names = models.map((model) => model.name);
  throw new CommandError(
    `Cannot find a model: expected one of ${names.join(", ")} or auto, got ${name}`,
    didYouMean(
      name,
      [...names, "auto"],
      "`leastaction models` describes them; a model of your own is named by its file: --model ./my-model.js.",
    ),
    "unknown-name",
  );
}

/** The models of `--model NAME,./FILE`; the word `auto` stays for the library. Errors: as `modelByName`; none named. */
export async function modelsNamed(list: string, cwd: string): Promise<readonly ("auto" | AnyModel)[]> {
  const names = list
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  if (names.length === 0) {
    throw new CommandError("Cannot use --model: expected a name, got none", "Write, for example, --model auto.");
  }
  return Promise.all(names.map(async (name) => (name === "auto" ? name : await modelByName(name, cwd))));
}
