/**
 * The references of a run: entries of `references.bib` and lines for the report.
 * What a model cites is free text, mostly with an arXiv number, a DOI or a year in it; those become fields.
 */

/** What this program itself is cited as. */
export const ownCitation = "leastaction: learning the law of motion behind measured trajectories";

/** BibTeX of all `citations`, with keys that are unique and stay the same for the same text. */
export function bibliography(citations: readonly string[], version: string): string {
  const own = `@software{leastaction,\n  title = {${ownCitation}},\n  version = {${version}}\n}\n`;
  const taken = new Set<string>(["leastaction"]);
  return [own, ...[...new Set(citations)].map((text) => entry(text, taken))].join("\n");
}

function entry(text: string, taken: Set<string>): string {
  const year = /\b(1[5-9]\d\d|20\d\d)\b/.exec(text)?.[1];
  const arxiv = /arXiv:\s*(\d{4}\.\d{4,5})/i.exec(text)?.[1];
  const doi = /\b10\.\d{4,9}\/[^\s,;]+/.exec(text)?.[0].replace(/\.$/, "");
  const fields = [
    ["note", text],
    ["year", year],
    ["eprint", arxiv],
    ["archivePrefix", arxiv === undefined ? undefined : "arXiv"],
    ["doi", doi],
  ].filter((field): field is [string, string] => field[1] !== undefined);
  const lines = fields.map(([name, value]) => `  ${name} = {${escapedForTex(value)}}`);
  return `@misc{${keyOf(text, year, taken)},\n${lines.join(",\n")}\n}\n`;
}

function keyOf(text: string, year: string | undefined, taken: Set<string>): string {
  const word = (/[A-Za-z]{3,}/.exec(text)?.[0] ?? "reference").toLowerCase();
  const base = `${word}${year ?? ""}`;
  const letters = ["", ..."abcdefghijklmnopqrstuvwxyz".split("")];
  const key =
    letters.map((letter) => base + letter).find((candidate) => !taken.has(candidate)) ?? `${base}${taken.size}`;
  taken.add(key);
  return key;
}

function escapedForTex(text: string): string {
  return text.replace(/[&%$#_]/g, "\\$&");
}
