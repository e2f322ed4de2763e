/**
 * Patterns of file names, expanded by us, since shells differ: `*` and `?` within a name, `[a-c]`, `{one,two}`, and `**`
 * for any number of folders. Hidden files are matched only by a pattern that begins with a dot.
 */
import { readdir } from "node:fs/promises";
import path from "node:path";

/** Whether a name is a pattern. */
export function isPattern(name: string): boolean {
  return /[*?[{]/.test(name);
}

/** The files that a pattern matches, relative to `cwd` as the pattern is; in no special order. */
export async function filesMatching(pattern: string, cwd: string): Promise<readonly string[]> {
  const parts = pattern.split("/");
  const fixed = parts.findIndex(isPattern);
  const base = parts.slice(0, fixed).join("/");
  const start = base === "" && pattern.startsWith("/") ? "/" : base;
  return walk(start, parts.slice(fixed), cwd);
}

async function walk(folder: string, parts: readonly string[], cwd: string): Promise<readonly string[]> {
  const [part, ...rest] = parts;
  if (part === undefined) return [];
  const entries = await readdir(path.resolve(cwd, folder), { withFileTypes: true }).catch(() => []);
  const inside = (name: string): string => (folder === "" ? name : `${folder.replace(/\/$/, "")}/${name}`);
  const isShown = (name: string): boolean => part.startsWith(".") || !name.startsWith(".");
  if (part === "**") {
    const folders = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith("."));
    const deeper = await Promise.all(folders.map((entry) => walk(inside(entry.name), parts, cwd)));
    return [...(await walk(folder, rest, cwd)), ...deeper.flat()];
  }
  const fits = entries.filter(({ name }) => isShown(name) && expressionOf(part).test(name));
  if (rest.length === 0) return fits.filter((entry) => !entry.isDirectory()).map(({ name }) => inside(name));
  return (
    await Promise.all(fits.filter((entry) => !entry.isFile()).map(({ name }) => walk(inside(name), rest, cwd)))
  ).flat();
}

/** One part of a pattern as a regular expression. */
function expressionOf(part: string): RegExp {
  let depth = 0;
  const source = part.replace(/\[[^\]]+\]|[{},*?]|[\\^$.|+()[\]]/g, (token) => {
    if (token === "*") return "[^/]*";
    if (token === "?") return "[^/]";
    if (token === "{") depth += 1;
    if (token === "{") return "(?:";
    if (token === "}" && depth > 0) {
      depth -= 1;
      return ")";
    }
    if (token === "," && depth > 0) return "|";
    if (token.length > 2 && token.startsWith("[")) return token.replace(/^\[!/, "[^").replaceAll("\\", "\\\\");
    return `\\${token}`;
  });
  return new RegExp(depth === 0 ? `^${source}$` : `^${part.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")}$`);
}
