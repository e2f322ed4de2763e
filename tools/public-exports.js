// What a package offers, read from its public entries with the type checker: each exported name, its documentation and
// the examples in it.
//
// Declarations that an entry passes on from another package are left out: they are checked where they are written.
import path from "node:path";
import ts from "typescript";

/**
 * @typedef {{ name: string, place: string, entry: string, documentation: string, examples: string[] }} PublicExport
 *   `place` is `file:line` of the declaration, relative to the root; `entry` is the specifier users import it by
 */

/**
 * @param {string} root
 * @param {Readonly<Record<string, string>>} entries specifier to source file, relative to the root
 * @returns {PublicExport[]}
 */
export function readPublicExports(root, entries) {
  const program = ts.createProgram({
    rootNames: Object.values(entries).map((file) => path.resolve(root, file)),
    options: {
      target: ts.ScriptTarget.ES2023,
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      customConditions: ["source"],
      allowImportingTsExtensions: true,
      noEmit: true,
      types: [],
    },
  });
  const checker = program.getTypeChecker();
  return Object.entries(entries).flatMap(([entry, file]) => {
    const source = program.getSourceFile(path.resolve(root, file));
    const module = source && checker.getSymbolAtLocation(source);
    const folder = path.resolve(root, path.dirname(file));
    return (module ? checker.getExportsOfModule(module) : []).flatMap((symbol) => {
      const original = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
      const declaration = original.declarations?.[0];
      if (!declaration?.getSourceFile().fileName.startsWith(`${folder}/`)) return [];
      return [{ entry, name: symbol.name, ...describe(root, checker, original, declaration) }];
    });
  });
}

/**
 * @param {string} root
 * @param {ts.TypeChecker} checker
 * @param {ts.Symbol} symbol
 * @param {ts.Declaration} declaration
 */
function describe(root, checker, symbol, declaration) {
  const source = declaration.getSourceFile();
  const line = source.getLineAndCharacterOfPosition(declaration.getStart()).line + 1;
  const tags = symbol.getJsDocTags(checker).filter((tag) => tag.name === "example");
  return {
    place: `${path.relative(root, source.fileName)}:${line}`,
    documentation: ts.displayPartsToString(symbol.getDocumentationComment(checker)),
    examples: tags.map((tag) => withoutFence(ts.displayPartsToString(tag.text))),
  };
}

/**
 * The code of an `@example`: what stands in a fence, or all lines up to the first empty one.
 * @param {string} text
 * @returns {string}
 */
function withoutFence(text) {
  return (/```(?:ts|typescript)?\n([\s\S]*?)```/.exec(text)?.[1] ?? text.trim().split(/\n\s*\n/)[0] ?? "").trim();
}
