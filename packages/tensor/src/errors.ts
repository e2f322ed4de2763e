/**
 * The one error class of the package.
 */

/** A wrong use of the library: what was expected, what was found, and what to do about it. */
export class TensorError extends Error {
  override readonly name: string = "TensorError";
  /** What the user can do, one or more sentences. */
  readonly remedy: string;

  constructor(problem: string, remedy: string) {
    super(`${problem}\n${remedy}`);
    this.remedy = remedy;
  }
}
