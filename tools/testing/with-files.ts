// A folder of written files that lives as long as one call: what the tests of the checks run against.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/** The result of `use(root)` where `root` holds `files` (path to text); the folder is removed afterwards. */
export function withFiles<R>(files: Readonly<Record<string, string>>, use: (root: string) => R): R {
  const root = mkdtempSync(path.join(tmpdir(), "leastaction-"));
  try {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
      writeFileSync(path.join(root, name), text);
    }
    return use(root);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}
