/** Tables that become cards on a narrow page: each cell carries the name of its column. */
import { html, type Markup, markup } from "./html.ts";

/** A column: its heading, an explanation below it, and what a row shows there. */
export interface Column<Row> {
  readonly heading: string;
  readonly below?: string;
  readonly isNumber?: boolean;
  readonly cell: (row: Row) => string | Markup;
}

/** `rowClass` names rows that stand out. */
export function table<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  rowClass: (row: Row) => string = () => "",
): Markup {
  const kind = (column: Column<Row>): Markup => markup(column.isNumber === true ? ' class="n"' : "");
  const head = columns.map((column) => {
    const below = column.below === undefined ? null : html`<small>${column.below}</small>`;
    return html`<th scope="col"${kind(column)}>${column.heading}${below}</th>`;
  });
  const body = rows.map((row) => {
    const cells = columns.map(
      (column) => html`<td${kind(column)} data-label="${column.heading}">${inner(column.cell(row))}</td>`,
    );
    return html`<tr class="${rowClass(row)}">${cells}</tr>`;
  });
  return html`<div class="scroll"><table class="cards"><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>`;
}

/** One element, so that a card can set it against its label; nothing for an empty cell, which a card leaves out. */
function inner(content: string | Markup): Markup | null {
  return content === "" ? null : html`<span>${content}</span>`;
}
