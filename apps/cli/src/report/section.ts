/** Parts of a page under a heading. */
import type { Figure } from "./figure.ts";
import { html, type Markup } from "./html.ts";

/** Parts under a heading. */
export function section(heading: string, ...parts: readonly (Markup | null)[]): Markup {
  return html`<section><h2>${heading}</h2>
${parts}
</section>`;
}

/** Figures two by two, then those of full width; nothing without figures. */
export function figureSection(heading: string, pairs: readonly Figure[], whole: readonly Figure[] = []): Markup | null {
  if (pairs.length + whole.length === 0) return null;
  const drawn = (figures: readonly Figure[]): readonly Markup[] => figures.map((one) => one.markup);
  return section(heading, html`<div class="pair">${drawn(pairs)}</div>`, ...drawn(whole));
}
