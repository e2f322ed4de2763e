/**
 * The members of a zip archive. The sizes that its directory claims are checked before anything is allocated: each
 * against what its packed bytes can hold, all of them together against `largestUnpacked`.
 */

import { DataError } from "@leastaction/dynamics";
import { type UnzipFileInfo, unzipSync } from "fflate";
import { truncated } from "./format-error.ts";
import { largestExpansion, largestUnpacked, tooLarge } from "./unpack.ts";

/** Bytes of a member in the directory, without its name. */
const entryBytes = 46;

/** The members whose names pass; other members are not unpacked. Errors: truncated, damaged, impossible sizes. */
export function unzip(
  bytes: Uint8Array,
  file: string,
  accept: (name: string) => boolean,
): Readonly<Record<string, Uint8Array>> {
  let [members, unpacked] = [0, 0];
  const check = ({ name, size, originalSize }: UnzipFileInfo): boolean => {
    members += 1;
    if (members > bytes.length / entryBytes) throw truncated(file, "members in a directory", "more than fit in it");
    if (!accept(name)) return false;
    if (size > bytes.length || originalSize > largestExpansion * size + 1024) {
      throw truncated(
        file,
        `a member ${name} of ${originalSize} bytes`,
        `${Math.min(size, bytes.length)} packed bytes`,
      );
    }
    unpacked += Math.max(size, originalSize);
    if (unpacked > largestUnpacked(bytes.length)) throw tooLarge(file, "more", "Save it with numpy.savez instead.");
    return false;
  };
  try {
    // First the whole directory, then the members.
    unzipSync(bytes, { filter: check });
    return unzipSync(bytes, { filter: ({ name }) => accept(name) });
  } catch (error) {
    if (error instanceof DataError) throw error;
    throw truncated(file, "a whole zip archive", (error as Error).message);
  }
}
