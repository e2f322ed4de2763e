// Runs the examples of the documentation as a user would: against the built packages, through their public entries,
// compiled with all strict options.
//
// In: pieces of TypeScript with the place each was found at. Out: one sentence per example that does not compile, throws
// or shows another value than it says. A line `expression; // => value` states what the expression is; numbers agree to
// 1e-6 of their size, arrays and objects by element, typed arrays are written as plain ones.
// An example without any import gets the public names that it uses, unless it says that it imports all it needs.
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import process from "node:process";

/** @typedef {{ place: string, code: string, importsAll?: boolean }} Example */

const prelude = `
function __same(actual: unknown, expected: unknown, text: string): void {
  if (!__equal(actual, expected)) throw new Error(\`expected \${text}, got \${JSON.stringify(__plain(actual))}\`);
}
function __plain(value: unknown): unknown {
  return ArrayBuffer.isView(value) ? Array.from(value as unknown as ArrayLike<number>) : value;
}
function __equal(actual: unknown, expected: unknown): boolean {
  const [a, b] = [__plain(actual), __plain(expected)];
  if (typeof a === "number" && typeof b === "number") return Object.is(a, b) || Math.abs(a - b) <= 1e-6 * Math.abs(b);
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return a === b;
  const [keys, wanted] = [Object.keys(a), Object.keys(b)];
  const field = (value: object, key: string): unknown => (value as Record<string, unknown>)[key];
  return keys.length === wanted.length && wanted.every((key) => __equal(field(a, key), field(b, key)));
}
`;

/**
 * @param {string} root
 * @param {readonly Example[]} examples
 * @param {Readonly<Record<string, readonly string[]>>} names the public names of each package
 * @returns {string[]} what is wrong, one sentence each; empty when all holds
 */
export function findFailingExamples(root, examples, names) {
  const folder = path.join(root, "node_modules/.cache/examples");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, "package.json"), '{ "type": "module" }');
  writeFileSync(path.join(folder, "tsconfig.json"), JSON.stringify(compilerOptions));
  examples.forEach(({ code, importsAll = false }, index) => {
    writeFileSync(path.join(folder, `example-${index}.ts`), toModule(code, importsAll ? {} : names));
  });
  if (examples.length === 0) return [];
  const failing = compile(folder, examples);
  return failing.length > 0 ? failing : execute(folder, examples);
}

const compilerOptions = {
  compilerOptions: {
    target: "ES2023",
    lib: ["ES2023", "DOM"],
    types: [],
    module: "NodeNext",
    strict: true,
    skipLibCheck: true,
    outDir: "out",
    rootDir: ".",
  },
  include: ["*.ts"],
};

/**
 * @param {string} code
 * @param {Readonly<Record<string, readonly string[]>>} names
 * @returns {string}
 */
export function toModule(code, names) {
  const words = new Set(code.match(/[A-Za-z_$][\w$]*/g));
  const imports = Object.entries(names).map(([entry, all]) => {
    const used = all.filter(
      (name) => words.has(name) && !new RegExp(`\\b(const|let|function|type) ${name}\\b`).test(code),
    );
    return used.length === 0 ? "" : `import { ${used.join(", ")} } from "${entry}";\n`;
  });
  const body = code.replace(/^( *)(\S.*?);? *\/\/ => (.+)$/gm, (_, indent, expression, expected) => {
    return `${indent}__same(${expression}, ${expected}, ${JSON.stringify(expected)});`;
  });
  return `${/^import /m.test(code) ? "" : imports.join("")}${body}\n${prelude}export {};\n`;
}

/**
 * @param {string} folder
 * @param {readonly Example[]} examples
 * @returns {string[]}
 */
function compile(folder, examples) {
  const compiler = path.resolve("node_modules/typescript-7/bin/tsc");
  const { status, stdout } = spawnSync(process.execPath, [compiler, "-p", folder, "--pretty", "false"], {
    encoding: "utf8",
  });
  if (status === 0) return [];
  return stdout
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) =>
      line.replace(/^.*example-(\d+)\.ts\(\d+,\d+\)/, (_, index) => `${placeOf(examples, index)}: does not compile`),
    );
}

/**
 * @param {string} folder
 * @param {readonly Example[]} examples
 * @returns {string[]}
 */
function execute(folder, examples) {
  const script = `for (let index = 0; index < ${examples.length}; index++) {
    try { await import(\`./out/example-\${index}.js\`); }
    catch (error) { console.log("FAILED " + index + " " + String(error).replaceAll("\\n", " ")); }
  }
  console.log("DONE");`;
  writeFileSync(path.join(folder, "main.js"), script);
  const { stdout, stderr } = spawnSync(process.execPath, [path.join(folder, "main.js")], {
    encoding: "utf8",
    timeout: 120_000,
  });
  const failed = [...stdout.matchAll(/^FAILED (\d+) (.*)$/gm)].map(
    ([, index, why]) => `${placeOf(examples, index)}: ${why}`,
  );
  return /^DONE$/m.test(stdout) ? failed : [...failed, `examples: stopped before the last one: ${stderr.trim()}`];
}

/**
 * @param {readonly Example[]} examples
 * @param {string | undefined} index
 * @returns {string}
 */
function placeOf(examples, index) {
  return examples[Number(index)]?.place ?? "example";
}
