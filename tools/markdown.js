// What the checks need from a Markdown page: where its relative links lead, and its fenced blocks.

/**
 * The targets of links and images that are neither addresses nor anchors, without their anchors; code is passed over.
 * @param {string} text
 * @returns {string[]}
 */
export function relativeLinks(text) {
  const prose = text.replace(/^```[\s\S]*?^```/gm, "").replace(/`[^`\n]*`/g, "");
  return [...prose.matchAll(/\]\(\s*<?([^)\s>]+)>?[^)]*\)/g)]
    .map((match) => (match[1] ?? "").replace(/#.*$/, ""))
    .filter((target) => target !== "" && !/^[a-z][a-z0-9+.-]*:/i.test(target));
}

/**
 * The text of each fenced block whose info string is exactly `info`, in order, with the line it starts on.
 * @param {string} text
 * @param {string} info
 * @returns {{ line: number, code: string }[]}
 */
export function fencedBlocks(text, info) {
  return [...text.matchAll(/^```([^\n`]*)\n([\s\S]*?)^```[ \t]*$/gm)]
    .filter((match) => match[1]?.trim() === info)
    .map((match) => ({ line: text.slice(0, match.index).split("\n").length, code: (match[2] ?? "").trimEnd() }));
}

/**
 * The blocks of one kind as one text, for a page that builds something part by part; none where there are none.
 * @param {string} text
 * @param {string} info
 * @returns {{ line: number, code: string }[]}
 */
export function joinedBlocks(text, info) {
  const [first, ...rest] = fencedBlocks(text, info);
  return first === undefined ? [] : [{ line: first.line, code: [first, ...rest].map(({ code }) => code).join("\n\n") }];
}
