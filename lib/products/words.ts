/** The words of a text, in lower case, without accents: "Café-Tisch" has the words "cafe" and "tisch". */
export function words(text: string): string[] {
  // Most texts are ASCII: there is nothing to fold, and a faster expression finds the same words.
  if (isAscii(text)) return text.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  // Marks are removed before as well: normalizing sorts a run of them in time that grows with its square.
  const unmarked = text.replace(/\p{M}/gu, '');
  const folded = unmarked.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  return folded.match(/[\p{L}\p{N}]+/gu) ?? [];
}

const isAscii = (text: string): boolean => !/[^\0-\x7f]/.test(text);
