/**
 * The Python literals that stand in the headers of NPY files: dictionaries, tuples, lists, strings, whole numbers,
 * True, False and None.
 */

/** A literal; tuples and lists are both arrays. */
export type PythonLiteral =
  | string
  | number
  | boolean
  | null
  | readonly PythonLiteral[]
  | { readonly [key: string]: PythonLiteral };

const tokens = /\s*(?:('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|(-?\d+)L?|(True|False|None)|([{}()[\],:])|(.))/gsy;
const words: Readonly<Record<string, boolean | null>> = { True: true, False: false, None: null };
const closing: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };

/** The value of a literal; undefined where the text is none. */
export function parsePythonLiteral(text: string): PythonLiteral | undefined {
  const found: RegExpMatchArray[] = [];
  for (const match of text.trim().matchAll(tokens)) {
    if (match[5] !== undefined) return undefined;
    found.push(match);
  }
  let at = 0;
  const next = (): string | undefined => found[at]?.[4];
  const value = (depth: number): PythonLiteral | undefined => {
    const match = found[at];
    if (match === undefined || depth > 20) return undefined;
    at += 1;
    if (match[1] !== undefined) return match[1].slice(1, -1).replace(/\\(.)/gs, "$1");
    if (match[2] !== undefined) return Number(match[2]);
    if (match[3] !== undefined) return words[match[3]] as boolean | null;
    const close = closing[match[4] as string];
    return close === undefined ? undefined : members(close, depth);
  };
  const members = (close: string, depth: number): PythonLiteral | undefined => {
    const items: PythonLiteral[] = [];
    const keyed: Record<string, PythonLiteral> = {};
    while (next() !== close) {
      const item = value(depth + 1);
      if (item === undefined) return undefined;
      if (close === "}") {
        if (typeof item !== "string" || next() !== ":") return undefined;
        at += 1;
        const held = value(depth + 1);
        if (held === undefined) return undefined;
        keyed[item] = held;
      } else items.push(item);
      if (next() === ",") at += 1;
      else if (next() !== close) return undefined;
    }
    at += 1;
    return close === "}" ? keyed : items;
  };
  const result = value(0);
  return at === found.length ? result : undefined;
}
