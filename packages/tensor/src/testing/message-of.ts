/**
 * What a call that is refused says, for tests.
 */
import { TensorError } from "../errors.ts";

/** The message of the `TensorError` that `f` throws, "no error" where there is none. Errors: any other error, as it is. */
export function messageOf(f: () => unknown): string {
  try {
    f();
  } catch (error) {
    if (error instanceof TensorError) return error.message;
    throw error;
  }
  return "no error";
}
