/**
 * The line of the user's own source that an error comes from.
 */

/** Frames that an error keeps while a function is traced: operations stand on operations. */
const frames = 100;

/** The folder of this package and of those beside it, without the scheme; their frames are not the user's, but for tests. */
const own = withoutScheme(new URL("../../..", import.meta.url).href);

/** `f()`, whose errors know their whole stack (V8 keeps 10 frames by default). */
export function withDeepStacks<T>(f: () => T): T {
  const before: unknown = Reflect.get(Error, "stackTraceLimit");
  if (typeof before !== "number" || before >= frames) return f();
  Reflect.set(Error, "stackTraceLimit", frames);
  try {
    return f();
  } finally {
    Reflect.set(Error, "stackTraceLimit", before);
  }
}

/** `file:line:column` of the innermost frame that is neither of these packages nor of an installed one; null: none. */
export function placeOfUser(stack: string | undefined): string | null {
  for (const line of (stack ?? "").split("\n")) {
    // `at name (file:///a.ts:1:2)`, `at /a.ts:1:2`, and `name@http://host/a.js:1:2` of other engines.
    const [, file, row, column] = /(?:\(|@|\bat (?:async )?)([^()@]*):(\d+):(\d+)\)?$/.exec(line) ?? [];
    if (file === undefined || /^(?:node:|native|<anonymous>)|[\\/]node_modules[\\/]/.test(file)) continue;
    const place = withoutScheme(file);
    if (!place.startsWith(own) || /\.test\.[jt]s$/.test(place)) return `${place}:${row}:${column}`;
  }
  return null;
}

function withoutScheme(address: string): string {
  const local = address.replace(/^file:\/\/(?=\/)/, "").replace(/\?.*$/, "");
  try {
    return decodeURI(local);
  } catch {
    return local;
  }
}
