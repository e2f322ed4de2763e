/**
 * The members of a zip archive. The sizes that its directory claims are checked against what its bytes can hold before
 * anything is allocated: deflate makes at most about a thousand bytes of one.
 */

import { DataError } from "@leastaction/dynamics";
import { unzipSync } from "fflate";
import { truncated } from "./format-error.ts";

/** No deflate stream grows more (RFC 1951: 258 bytes from two bits, less the headers). */
export const largestExpansion = 1032;

/** The members whose names pass; other members are not unpacked. Errors: truncated, damaged, impossible sizes. */
export function unzip(
  bytes: Uint8Array,
  file: string,
  accept: (name: string) => boolean,
): Readonly<Record<string, Uint8Array>> {
  try {
    return unzipSync(bytes, {
      filter: ({ name, size, originalSize }) => {
        if (!accept(name)) return false;
        if (size > bytes.length || originalSize > largestExpansion * size + 1024) {
          throw truncated(
            file,
            `a member ${name} of ${originalSize} bytes`,
            `${Math.min(size, bytes.length)} packed bytes`,
          );
        }
        return true;
      },
    });
  } catch (error) {
    if (error instanceof DataError) throw error;
    throw truncated(file, "a whole zip archive", (error as Error).message);
  }
}
