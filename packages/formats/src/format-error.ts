/** The errors that all binary formats share. */

import { DataError } from "@leastaction/dynamics";

/** A file that ends before what its header promises. */
export function truncated(file: string, expected: string, found: string): DataError {
  return new DataError({
    code: "truncated",
    file,
    expected,
    found,
    remedy: "The file is cut off or damaged: copy it again, or save it again where it was made.",
  });
}

/** Something that the format allows and that is not read here. */
export function unsupported(file: string, expected: string, found: string, remedy: string): DataError {
  return new DataError({ code: "unsupported", file, expected, found, remedy });
}
