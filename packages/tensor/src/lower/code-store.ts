/**
 * Where targets may keep what they made of a program, for the next process that compiles the same one.
 *
 * A store is given from outside, since this package knows no files. What it holds is executed: it must be one that only
 * the user can write.
 */

/** What names an entry: its parts in order, each text or bytes. A store files it under a digest of all of them. */
export type CodeKey = readonly (string | Uint8Array)[];

/** A store of bytes under keys. */
export interface CodeStore {
  /**
   * The bytes under a key as they were written, or undefined where there are none, or where they are damaged. The key
   * says nothing of this package's own code: a store that may outlive it must not mix what versions of it made.
   */
  read(key: CodeKey): Uint8Array | undefined;
  /** Keeps bytes under a key. A store may keep nothing, and never fails. */
  write(key: CodeKey, bytes: Uint8Array): void;
}
