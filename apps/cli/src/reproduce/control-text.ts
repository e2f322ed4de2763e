/** What a control did, and whether it shows what it must. */
import { counted } from "@leastaction/dynamics";
import type { ExperimentResults } from "./results.ts";

/** A sentence or two; null without a control. */
export function controlText({ control, controlSummary, rows }: ExperimentResults): string | null {
  if (control === null) return null;
  const judged = rows.filter(({ holds }) => holds !== null);
  const failed = judged.filter(({ holds }) => holds === false).length;
  const does = `Control ${control}: ${controlSummary}.`;
  if (judged.length === 0) return `${does} Some row must fail with it; none has a bar yet.`;
  const found = `${failed} of ${counted(judged.length, "row")} with a bar ${failed === 1 ? "fails" : "fail"}`;
  return `${does} ${failed === 0 ? `Some row must fail with it, and ${found}: the table shows nothing` : `${found}, as some must`}.`;
}
