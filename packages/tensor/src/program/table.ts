/**
 * Tables of rules by primitive that grow: the rows of a dialect are added when it is loaded. A row is found or refused, never
 * replaced, so what a program becomes does not depend on when that was.
 */
import { TensorError } from "../errors.ts";
import { dialects, type PrimitiveName } from "./primitive.ts";

/** Rows by primitive, of the types that `Rows` gives. */
export interface Table<Rows> {
  /** All rows that are loaded. */
  readonly rows: Partial<Rows>;
  /** The row of a primitive, undefined where it has none or is not loaded. */
  get<P extends PrimitiveName & keyof Rows>(primitive: P): Rows[P] | undefined;
  /** The row of a primitive. Errors: it is not loaded. */
  find<P extends PrimitiveName & keyof Rows>(primitive: P): Rows[P];
  /** Rows of a dialect. */
  add(rows: Partial<Rows>): void;
}

const ofDialects: ReadonlySet<string> = new Set(Object.values(dialects).flat());

/** Whether the rules of a primitive have to be loaded. */
export function isOfDialect(primitive: string): boolean {
  return ofDialects.has(primitive);
}

/** A table without rows; `action` says what cannot be done without one. */
export function createTable<Rows>(action: string): Table<Rows> {
  const rows: Partial<Rows> = {};
  return {
    rows,
    get: (primitive) => rows[primitive],
    find: (primitive) => {
      const row = rows[primitive];
      if (row === undefined) {
        throw new TensorError(
          `Cannot ${action} ${primitive}: expected its rules, got a program with it before any operation that makes it was called`,
          "Rules come with operations. Pass programs on as programToJson gives them; programFromJson brings all rules.",
        );
      }
      return row as never;
    },
    add: (more) => {
      Object.assign(rows, more);
    },
  };
}
