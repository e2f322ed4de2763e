/**
 * Bytes to text: UTF-8 with and without a mark, UTF-16 with a mark or with the zeros of plain Latin letters, and
 * Latin-1 (its Windows form) when the bytes are no UTF-8, as old loggers write degrees and micrometres.
 */

/** A text and how its bytes were understood. */
export interface DecodedText {
  readonly text: string;
  readonly encoding: TextEncodingName;
}

/** The encodings that are recognised. */
export type TextEncodingName = "UTF-8" | "UTF-16 LE" | "UTF-16 BE" | "Latin-1";

const labels = {
  "UTF-8": "utf-8",
  "UTF-16 LE": "utf-16le",
  "UTF-16 BE": "utf-16be",
  "Latin-1": "windows-1252",
} as const;

/**
 * Decodes the bytes of a text file.
 * @param bytes the whole file
 */
export function decodeText(bytes: Uint8Array): DecodedText {
  const marked = encodingOfStart(bytes);
  if (marked !== null && marked !== "UTF-8") return decoded(bytes, marked);
  try {
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes), encoding: "UTF-8" };
  } catch {
    return decoded(bytes, marked ?? "Latin-1");
  }
}

/** The encoding that the first bytes give away; null where they do not. */
export function encodingOfStart(bytes: Uint8Array): TextEncodingName | null {
  const [a, b, c] = bytes;
  if (a === 0xef && b === 0xbb && c === 0xbf) return "UTF-8";
  if (a === 0xff && b === 0xfe) return "UTF-16 LE";
  if (a === 0xfe && b === 0xff) return "UTF-16 BE";
  const start = bytes.subarray(0, 64);
  const zeros = (parity: number): number => start.filter((byte, at) => byte === 0 && at % 2 === parity).length;
  if (start.length < 4 || start.length % 2 === 1) return null;
  if (zeros(1) > 0.9 * (start.length / 2) && zeros(0) === 0) return "UTF-16 LE";
  return zeros(0) > 0.9 * (start.length / 2) && zeros(1) === 0 ? "UTF-16 BE" : null;
}

/**
 * The text of a file in pieces, each call from its start: for files larger than the memory.
 * @param pieces gives the bytes from the start; the encoding is told from the first piece
 */
export function decodePieces(pieces: () => Iterable<Uint8Array>): () => Iterable<string> {
  return function* () {
    let decoder: TextDecoder | null = null;
    for (const piece of pieces()) {
      decoder ??= new TextDecoder(labels[encodingOfStart(piece) ?? (isUtf8(piece) ? "UTF-8" : "Latin-1")]);
      yield decoder.decode(piece, { stream: true });
    }
    if (decoder !== null) yield decoder.decode();
  };
}

/** Whether bytes are UTF-8; a letter may be cut at their end. */
function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}

function decoded(bytes: Uint8Array, encoding: TextEncodingName): DecodedText {
  return { text: new TextDecoder(labels[encoding]).decode(bytes), encoding };
}
