/** Rows of the table of bad and odd data, and the small tables they are made of. */
import { swingTable } from "./swing-table.ts";

/** Files by name. */
export type Files = Readonly<Record<string, string | Uint8Array>>;
/** One bad or odd input. */
export type Row = readonly [about: string, files: Files, call: string, status: number, said: string];

/** A swing of period 1 s, 60 rows. */
export const good: string = swingTable(60);
/** The good table with one line replaced, counted as in the file: the header is line 1. */
export const line = (at: number, text: string): string =>
  swingTable(60, (own, index) => (index === at - 2 ? text : own));
/** The good table with each line changed. */
export const each = (change: (line: string, index: number) => string, header = "t,theta"): string =>
  swingTable(60, change).replace("t,theta", header);
/** Bytes by their numbers. */
export const latin = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
/** A `dataset.json` with what is changed. */
export const kept = (content: object): string =>
  JSON.stringify({
    format: "leastaction-dataset",
    schema: 1,
    files: [],
    columns: {},
    missing: [],
    start: null,
    stop: null,
    measurements: "",
    ...content,
  });
