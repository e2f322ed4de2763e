/** `doctor`: what this machine offers, what each thing is for, and how to get what is missing. Nothing stays changed. */
import { readFileSync } from "node:fs";
import process from "node:process";
import { Command, type CommandUnknownOpts } from "@commander-js/extra-typings";
import type { CommandContext } from "../command-context.ts";
import type { Finding } from "../doctor/finding.ts";
import { examples } from "../examples.ts";
import { exitStatus } from "../exit-status.ts";
import type { Io } from "../io.ts";
import { version } from "../version.ts";

export function doctorCommand(context: CommandContext): CommandUnknownOpts {
  const { io } = context;
  return new Command("doctor")
    .description("says what this machine offers, what it is for, and how to get what is missing")
    .option("--json", "print one object on standard output")
    .addHelpText("before", examples("doctor", "doctor --json", "doctor --json > machine.json"))
    .action(async (flags: { readonly json?: true | undefined }) => {
      const { findingsText, isLacking } = await import("../doctor/findings-text.ts");
      const findings = await findingsOf(io);
      const ok = !findings.some(isLacking);
      const system = `${process.platform} ${process.arch}`;
      if (flags.json === true) io.out.write(`${JSON.stringify({ version, system, ok, findings })}\n`);
      else io.out.write(`leastaction ${version} on ${system}\n\n${findingsText(findings, io.width)}`);
      if (!ok) context.status = exitStatus.unfit;
    });
}

async function findingsOf(io: Io): Promise<readonly Finding[]> {
  const [machine, assembly, disk, { compilerFinding }, { laterFindings }] = await Promise.all([
    import("../doctor/machine.ts"),
    import("../doctor/web-assembly.ts"),
    import("../doctor/disk.ts"),
    import("../doctor/compiler.ts"),
    import("../doctor/later.ts"),
  ]);
  return [
    machine.nodeFinding(process.versions.node, leastNode()),
    assembly.webAssemblyFinding(),
    machine.memoryFinding(),
    await disk.runFolderFinding(io.cwd),
    machine.processorFinding(),
    await compilerFinding(),
    await disk.codeCacheFinding(),
    await disk.temporaryFolderFinding(),
    machine.terminalFinding(io),
    assembly.moreWebAssemblyFinding(),
    ...(await laterFindings()),
  ];
}

/** The oldest Node that this program is tested with, from its package. */
function leastNode(): string {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { readonly engines: { readonly node: string } }).engines.node;
}
