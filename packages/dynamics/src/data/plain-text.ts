/**
 * Text of a file made harmless for a terminal: without the characters that move the cursor, colour what follows, or turn
 * its direction.
 */

/** Longer lines of a message are cut in their middle. */
const longest = 2000;

/** The same text; each run of control characters but tabs and ends of lines is one mark of an unknown character. */
export function plainText(text: string): string {
  return text.replace(/[^\P{Cc}\t\n\r]+|\p{Bidi_Control}+/gu, "\ufffd");
}

/** One line for a message, of limited length; ends of lines and tabs become a blank. */
export function plainLine(text: string): string {
  const short = text.length <= longest ? text : `${text.slice(0, longest / 2)} … ${text.slice(-longest / 2)}`;
  return plainText(short.replace(/[\t-\r\x85\u2028\u2029]+/g, " "));
}
