/** How every command of this program ends; printed at the foot of each `--help`. Signals end with 128 and their number. */
export type ExitStatus = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 129 | 130 | 143;

type Ending =
  | "ok"
  | "fault"
  | "usage"
  | "data"
  | "training"
  | "unwritten"
  | "inUse"
  | "unfit"
  | "missed"
  | "hangUp"
  | "interrupted"
  | "terminated";

export const exitStatus: Readonly<Record<Ending, ExitStatus>> = {
  ok: 0,
  fault: 1,
  usage: 2,
  data: 3,
  training: 4,
  unwritten: 5,
  inUse: 6,
  unfit: 7,
  missed: 8,
  hangUp: 129,
  interrupted: 130,
  terminated: 143,
};

/** The table of `--help`. */
export const exitStatusHelp: string = [
  "Exit status:",
  "  0    done",
  "  1    a fault of this program; --debug shows where in it",
  "  2    wrong usage: a command, flag, name or file that cannot be used",
  "  3    data that cannot be read or used",
  "  4    training failed or diverged, or did not fit into memory",
  "  5    a result that could not be written where it belongs; the message says what was saved",
  "  6    a run folder that another process is using",
  "  7    this machine lacks something that is needed: `leastaction doctor`",
  "  8    a published result that was not reached (reproduce)",
  "  130  interrupted (Ctrl-C); what there was is written (129: by a hang-up, 143: by SIGTERM)",
].join("\n");
