/**
 * The references of a run: entries of `references.bib`, and lines for the report.
 * What a model cites is free text. What the library's own models cite is known with all its fields; of any other text
 * the year, the arXiv number and the DOI are read, and the text itself is kept.
 */
import { forTex } from "../for-tex.ts";
import { type KnownReference, knownReferences } from "./known-references.ts";

/** The title that this program itself is cited by. */
const ownTitle = "leastaction: the law of motion behind measured trajectories";

const places: Readonly<Record<KnownReference["kind"], string>> = {
  article: "journal",
  book: "publisher",
  inproceedings: "booktitle",
  misc: "howpublished",
};

/** BibTeX of all `citations`, with keys that are unique and stay the same for the same text. */
export function bibliography(citations: readonly string[], version: string): string {
  const taken = new Set<string>(["leastaction"]);
  const own = entryOf("software", "leastaction", [
    ["title", ownTitle],
    ["version", version],
  ]);
  return [own, ...[...new Set(citations)].map((text) => entry(text, taken))].join("\n");
}

/** One line of a reference list. */
export function referenceLine(citation: string): string {
  const known = knownOf(citation);
  if (known === undefined) return citation;
  const { author, title, year, where } = known;
  const names = author.split(" and ").map((name) => name.split(", ").reverse().join(" "));
  const place = where === undefined ? "" : `${where}, `;
  const arxiv = arxivOf(citation);
  return `${names.join(", ")}: ${title}. ${place}${year}.${arxiv === undefined ? "" : ` arXiv:${arxiv}.`}`;
}

function knownOf(citation: string): KnownReference | undefined {
  return knownReferences.find(({ sign }) => citation.includes(sign));
}

function arxivOf(text: string): string | undefined {
  return /arXiv:\s*(\d{4}\.\d{4,5})/i.exec(text)?.[1];
}

type Field = readonly [name: string, value: string | undefined];

function entry(text: string, taken: Set<string>): string {
  const arxiv = arxivOf(text);
  const identifiers: readonly Field[] = [
    ["eprint", arxiv],
    ["archivePrefix", arxiv === undefined ? undefined : "arXiv"],
    ["doi", /\b10\.\d{4,9}\/[^\s,;]+/.exec(text)?.[0].replace(/\.$/, "")],
  ];
  const known = knownOf(text);
  if (known === undefined) {
    const year = yearOf(text, arxiv);
    const word = (/[A-Za-z]{3,}/.exec(text.replace(/arXiv:\S+/i, ""))?.[0] ?? "reference").toLowerCase();
    return entryOf("misc", unique(`${word}${year ?? ""}`, taken), [["note", text], ["year", year], ...identifiers]);
  }
  const { kind, key, author, title, year, where } = known;
  const fields: readonly Field[] = [
    ["author", author],
    ["title", `{${title}}`],
    ["year", year],
    [places[kind], where],
  ];
  return entryOf(kind, unique(key, taken), [...fields, ...identifiers]);
}

/** The year in the text, or that of the arXiv number. */
function yearOf(text: string, arxiv: string | undefined): string | undefined {
  const stated = /\b(1[5-9]\d\d|20\d\d)\b/.exec(text.replace(/arXiv:\S+|\b10\.\d{4,9}\/\S+/gi, ""))?.[1];
  return stated ?? (arxiv === undefined ? undefined : `20${arxiv.slice(0, 2)}`);
}

function unique(base: string, taken: Set<string>): string {
  let key = base;
  for (let count = 2; taken.has(key); count++) key = `${base}-${count}`;
  taken.add(key);
  return key;
}

function entryOf(kind: string, key: string, fields: readonly Field[]): string {
  const lines = fields.flatMap(([name, value]) => (value === undefined ? [] : [`  ${name} = {${forTex(value)}}`]));
  return `@${kind}{${key},\n${lines.join(",\n")}\n}\n`;
}
