/**
 * An error on its way from one thread to another: copies of errors lose their class and fields, so both are told beside.
 */
import { DataError } from "@leastaction/dynamics";
import { TensorError } from "@leastaction/tensor";
import { CommandError } from "../command-error.ts";

/** An error as plain data. */
export interface CarriedError {
  readonly type: string;
  readonly message: string;
  readonly stack: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly cause: CarriedError | null;
}

/** Those that are known by their class somewhere. */
const classes = [CommandError, DataError, TensorError, RangeError, TypeError, Error];

/** What was thrown, as plain data. */
export function carriedError(error: unknown): CarriedError {
  if (!(error instanceof Error)) return carriedError(new Error(String(error)));
  const { name, message, stack = "", cause, ...fields } = error as Error & Readonly<Record<string, unknown>>;
  const type = classes.find((each) => error instanceof each)?.name ?? name;
  return {
    type,
    message,
    stack,
    fields: Object.fromEntries(Object.entries(fields).filter(([, value]) => typeof value !== "function")),
    cause: cause === undefined ? null : carriedError(cause),
  };
}

/** The error again, of its class. */
export function errorOf({ type, message, stack, fields, cause }: CarriedError): Error {
  const error = new Error(message);
  const known = classes.find(({ name }) => name === type);
  if (known !== undefined) Object.setPrototypeOf(error, known.prototype as object);
  Object.assign(error, fields, { stack }, cause === null ? {} : { cause: errorOf(cause) });
  if (known !== undefined) Object.defineProperty(error, "name", { value: type, enumerable: false });
  return error;
}
