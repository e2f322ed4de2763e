/** Findings for people, in lines of at most a given width. */
import type { Finding } from "./finding.ts";

const marks = { ok: "ok", poor: "note", missing: "no", later: "later" } as const;
/** Narrower terminals break words. */
const narrowest = 30;
const indent = 8;

/** @param width characters in a line */
export function findingsText(findings: readonly Finding[], width: number): string {
  const room = Math.max(narrowest, width);
  const groups: readonly (readonly [string, readonly Finding[]])[] = [
    ["Needed", findings.filter(({ needed }) => needed)],
    ["Better with", findings.filter(({ needed, state }) => !needed && state !== "later")],
    ["Not used yet", findings.filter(({ state }) => state === "later")],
  ];
  const parts = groups.map(([title, members]) => {
    return [title, ...members.map((finding) => entry(finding, room))].join("\n");
  });
  return `${parts.join("\n\n")}\n\n${wrapped(verdict(findings), room, 0)}\n`;
}

function entry({ name, state, found, purpose, remedy }: Finding, width: number): string {
  const first = wrapped(`${name}: ${found}`, width, indent).slice(indent);
  const lines = [`  ${marks[state].padEnd(indent - 2)}${first}`, wrapped(purpose, width, indent)];
  if (remedy !== null) lines.push(wrapped(`get it: ${remedy}`, width, indent));
  return lines.join("\n");
}

function verdict(findings: readonly Finding[]): string {
  const lacking = findings.filter(isLacking).map(({ name }) => name);
  if (lacking.length === 0) return "Everything that is needed works.";
  return `Needed, and not working here: ${lacking.join(", ")}. See "get it" above.`;
}

/** Whether nothing will work because of it. */
export function isLacking({ needed, state }: Finding): boolean {
  return needed && state === "missing";
}

/** Words in lines of `width`, each moved in by `indentation`; a word that is too long stands alone. */
function wrapped(text: string, width: number, indentation: number): string {
  const room = width - indentation;
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= room) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.map((line) => " ".repeat(indentation) + line).join("\n");
}
