/** Text with the characters that LaTeX reads as commands made plain. */
export function forTex(text: string): string {
  return text.replace(/[&%$#_]/g, "\\$&");
}
