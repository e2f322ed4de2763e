/**
 * A cursor over the fields of one line without quotes: reads a plain decimal number where it stands, without making a
 * string of it.
 *
 * A number with at most 15 digits and a power of ten up to 22 is one exact division of two exact floats, and so rounded
 * as the language rounds it; everything else (exponents, words, more digits) is left to `numberIn`.
 * Source: W. D. Clinger, 1990, "How to read floating point numbers accurately", doi:10.1145/93542.93557.
 */

import type { Delimiter } from "./table-lines.ts";

const powers = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));
const [zero, nine, plus, minus, point, comma, blank, tab] = [48, 57, 43, 45, 46, 44, 32, 9];

/** Reads field after field. It has identity: it moves. */
export class FieldCursor {
  readonly #separator: number;
  readonly #mark: number;
  #text: string = "";
  #to: number = 0;
  /** Where the next field begins; one past the end of the line after the last field. */
  #at: number = 0;

  /**
   * @param delimiter what stands between fields; a blank stands for any number of blanks and tabs
   * @param decimalComma whether a comma marks the fraction
   */
  constructor(delimiter: Delimiter, decimalComma: boolean) {
    this.#separator = delimiter.charCodeAt(0);
    this.#mark = decimalComma ? comma : point;
  }

  /** Goes to the start of a line. */
  enter(text: string, from: number, to: number): void {
    this.#text = text;
    this.#at = from;
    this.#to = to;
    if (this.#separator !== blank) return;
    while (this.#at < this.#to && this.#isBlank(this.#at)) this.#at += 1;
    while (this.#to > this.#at && this.#isBlank(this.#to - 1)) this.#to -= 1;
  }

  /** Whether there is another field. */
  get hasField(): boolean {
    return this.#at <= this.#to;
  }

  /** The text of the next field, trimmed. */
  word(): string {
    const from = this.#at;
    let at = from;
    while (at < this.#to && !this.#isSeparator(at)) at += 1;
    this.#leave(at);
    return this.#text.slice(from, at).trim();
  }

  /** Passes the next field. */
  skip(): void {
    let at = this.#at;
    while (at < this.#to && !this.#isSeparator(at)) at += 1;
    this.#leave(at);
  }

  /** The number of the next field; NaN, and the cursor stays, where it is no plain decimal number. */
  number(): number {
    const text = this.#text;
    const to = this.#to;
    let at = this.#at;
    while (at < to && this.#isBlank(at) && !this.#isSeparator(at)) at += 1;
    const sign = text.charCodeAt(at);
    if (sign === minus || sign === plus) at += 1;
    let [seen, digits, places, mantissa] = [0, 0, -1, 0];
    for (; at < to; at++) {
      const code = text.charCodeAt(at);
      if (code >= zero && code <= nine) {
        mantissa = 10 * mantissa + (code - zero);
        seen += 1;
        if (mantissa > 0) digits += 1;
        if (places >= 0) places += 1;
      } else if (code === this.#mark && places === -1) places = 0;
      else break;
    }
    while (at < to && this.#isBlank(at) && !this.#isSeparator(at)) at += 1;
    const isWhole = at === to || this.#isSeparator(at);
    if (seen === 0 || !isWhole || digits > 15 || places > 22) return Number.NaN;
    this.#leave(at);
    const value = places > 0 ? mantissa / (powers[places] as number) : mantissa;
    return sign === minus ? -value : value;
  }

  #isBlank(at: number): boolean {
    const code = this.#text.charCodeAt(at);
    return code === blank || code === tab;
  }

  #isSeparator(at: number): boolean {
    return this.#separator === blank ? this.#isBlank(at) : this.#text.charCodeAt(at) === this.#separator;
  }

  /** Goes behind the separator at a place; behind the end of the line where it is the end. */
  #leave(at: number): void {
    let next = at + 1;
    if (this.#separator === blank) while (next < this.#to && this.#isBlank(next)) next += 1;
    this.#at = next;
  }
}
