/** A stated start, `enc=40,enc_rate=0`, as numbers by name in the user's units. */
import { didYouMean } from "@leastaction/dynamics/nearest-name";
import { CommandError } from "../command-error.ts";

/**
 * @param known the names that may be stated
 * @param required the names that must be
 * Errors (status 2): a part that is no NAME=NUMBER, an unknown, repeated or missing name.
 */
export function parseStart(
  text: string,
  known: readonly string[],
  required: readonly string[],
): Readonly<Record<string, number>> {
  const example = known.map((name) => `${name}=0`).join(",");
  const remedy = `Write, for example, --from "${example}".`;
  const cannot = (expected: string, found: string, toDo = remedy): CommandError =>
    new CommandError(`Cannot use --from: expected ${expected}, got ${found}`, toDo);
  const start: Record<string, number> = {};
  for (const part of text.split(",")) {
    const at = part.lastIndexOf("=");
    const name = part.slice(0, Math.max(0, at)).trim();
    const value = Number(part.slice(at + 1));
    if (at < 1 || part.slice(at + 1).trim() === "" || !Number.isFinite(value))
      throw cannot("NAME=NUMBER", JSON.stringify(part));
    if (!known.includes(name)) {
      throw cannot(`the names ${known.join(", ")}`, name, didYouMean(name, known, remedy));
    }
    if (Object.hasOwn(start, name)) throw cannot("each name once", `${name} twice`);
    start[name] = value;
  }
  const missing = required.filter((name) => !Object.hasOwn(start, name));
  if (missing.length > 0) throw cannot(`a value for ${required.join(", ")}`, `none for ${missing.join(", ")}`);
  return start;
}
