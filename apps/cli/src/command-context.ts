/** What every command gets: the streams of the call, and a place to leave its exit status. */
import type { ExitStatus } from "./exit-status.ts";
import type { Io } from "./io.ts";

export interface CommandContext {
  readonly io: Io;
  status: ExitStatus;
}
