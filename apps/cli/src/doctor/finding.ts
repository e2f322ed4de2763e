/** One thing that a machine has or lacks: what was found, what it is for, how to get it. */
export interface Finding {
  readonly name: string;
  /**
   * `ok`: works; `poor`: works, or may be done without, but could be better; `missing`: does not work; `later`: nothing
   * uses it in this release.
   */
  readonly state: "ok" | "poor" | "missing" | "later";
  /** Whether nothing works without it. */
  readonly needed: boolean;
  readonly found: string;
  readonly purpose: string;
  /** How to get it; null where there is nothing to do. */
  readonly remedy: string | null;
  /** The same for programs: bytes, versions, whether there is a feature. */
  readonly facts: Readonly<Record<string, string | number | boolean | null>>;
}
