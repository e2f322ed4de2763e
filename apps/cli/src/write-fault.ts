/** Why a place could not be written, in words: what the system says in one word, and what can be done about it. */
import type { CommandErrorCode } from "./command-error.ts";

export interface WriteFault {
  /** The system's word, `ENOSPC`; the error itself where it has none. */
  readonly word: string;
  /** What was found in place of a place that can be written, with that word. */
  readonly found: string;
  readonly remedy: string;
  /** Whether another name would do, or the place itself fails. */
  readonly code: CommandErrorCode;
}

const unusable = "unusable-place";

const known: Readonly<Record<string, readonly [found: string, remedy: string, code?: CommandErrorCode]>> = {
  ENOSPC: ["a full disk", "Make room on that disk, or choose a place on another one."],
  EDQUOT: ["a quota that is used up", "Remove files of yours there, or ask for more room."],
  EFBIG: ["a limit on the size of files", "Raise the limit (ulimit -f), or choose a place on another disk."],
  EROFS: ["a read-only file system", "Mount it for writing, or choose a place on another disk."],
  ENOENT: ["a folder that is not there (any more)", "Make the folder again, or choose another place."],
  EIO: ["a fault of the disk", "Copy what is on that disk to another one, and choose a place there."],
  ENODEV: ["a disk that was taken away", "Connect the disk again, or choose another place."],
  ENXIO: ["a disk that was taken away", "Connect the disk again, or choose another place."],
  ESTALE: ["a network disk that is gone", "Connect the disk again, or choose another place."],
  ETIMEDOUT: ["a network disk that does not answer", "Connect the disk again, or choose another place."],
  EMFILE: ["too many open files", "Raise the limit (ulimit -n), or end programs that hold files open."],
  ENFILE: ["too many open files", "End programs that hold files open."],
  EACCES: ["no permission to write there", "Change the permissions, or choose another place.", unusable],
  EPERM: ["no permission to write there", "Change the permissions, or choose another place.", unusable],
  EEXIST: ["a file where a folder is needed", "Choose another place.", unusable],
  ENOTDIR: ["a file where a folder is needed", "Choose another place.", unusable],
  EISDIR: ["a folder of that name", "Choose another place.", unusable],
  ENAMETOOLONG: ["a name that is too long", "Choose a shorter name.", unusable],
};

export function writeFault(error: unknown): WriteFault {
  const word = (error as NodeJS.ErrnoException | null)?.code ?? String(error);
  const [found, remedy, code] = known[word] ?? [
    "an error of the system",
    "Check that the folder exists and its permissions, or choose another place.",
  ];
  return { word, found: `${found} (${word})`, remedy, code: code ?? "unwritten-result" };
}
