/** How every command of this program ends; printed at the foot of each `--help`. */
export type ExitStatus = 0 | 2 | 3 | 4 | 130;

export const exitStatus: Readonly<Record<"ok" | "usage" | "data" | "training" | "interrupted", ExitStatus>> = {
  ok: 0,
  usage: 2,
  data: 3,
  training: 4,
  interrupted: 130,
};

/** The table of `--help`. */
export const exitStatusHelp: string = [
  "Exit status:",
  "  0    done",
  "  2    wrong usage: a command, flag, name or file that cannot be used",
  "  3    data that cannot be read or used",
  "  4    training failed or diverged",
  "  130  interrupted (Ctrl-C); what there was is written",
].join("\n");
