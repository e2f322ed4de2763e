// Runs once before the browser tests and says, where nobody can overlook it, that they are skipped and why.
import { chromiumPath, whySkipped } from "./chromium.ts";

export default function announce(): void {
  if (chromiumPath !== undefined) return;
  const rule = "=".repeat(80);
  process.stderr.write(`\n${rule}\n${whySkipped}\n${rule}\n\n`);
}
