/** The frame of every page that is written: one file that opens offline, runs no script and loads nothing. */
import { html, type Markup, markup } from "./html.ts";
import { style } from "./style.ts";

/**
 * The text of a page.
 *
 * @param body what stands in it, from top to bottom
 * @param rules style rules of its own
 */
export function page(title: string, body: Markup, rules = ""): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title>
<style>${markup(style + rules)}</style>
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`.markup;
}
