/** Text into HTML: escaping, and markup that is known to be safe. */

/** A piece of markup; only `html` and `markup` make one. */
export interface Markup {
  readonly markup: string;
}

type Part = string | number | Markup | null | readonly (Markup | null)[];

/** A template whose values are escaped, unless they are markup themselves; null is left out. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return markup(
    strings.map((text, index) => text + (index < parts.length ? shown(parts[index] ?? null) : "")).join(""),
  );
}

/** Text that is markup already: our own SVG and style sheets. */
export function markup(text: string): Markup {
  return { markup: text };
}

/** Characters with a meaning in HTML and XML, escaped. */
export function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

function shown(part: Part): string {
  if (part === null) return "";
  if (typeof part === "string" || typeof part === "number") return escaped(String(part));
  return "markup" in part ? part.markup : part.map(shown).join("");
}
