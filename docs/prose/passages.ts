import { type ParserOptions, parse, parseExpression } from '@babel/parser';

/*
 * Extracts the English of a file: the text of a Markdown document, or the comments and strings of a source file.
 */

/** The prose of one file, one passage per line, with the position of every character in the file. */
export class Prose {
  text = '';
  readonly #offsets: number[] = [];

  /** Returns the offset in the file of a character of `text`. */
  offsetOf(index: number): number {
    return this.#offsets[index] ?? 0;
  }

  /** Appends a part of the file to the current passage, on one line and without its markup. */
  append(part: string, offset: number): void {
    for (const { 0: token, index } of part.matchAll(TOKEN)) {
      const plain = plainOf(token);
      if (plain === ' ' && /(?:^|\s)$/.test(this.text)) continue;
      this.#push(plain, offset + index);
    }
  }

  /** Stands in for what is known only at run time, such as `${name}` in a template. */
  appendUnknown(offset: number): void {
    this.#push(CODE, offset);
  }

  endPassage(offset: number): void {
    if (this.text !== '' && !this.text.endsWith('\n')) this.#push('\n', offset);
  }

  #push(plain: string, offset: number): void {
    this.text += plain;
    for (let i = 0; i < plain.length; i++) this.#offsets.push(offset);
  }
}

/** What code and placeholders become, so that a phrase around them still reads as one. */
const CODE = '`…`';

/** Code in backticks, the target of a link, emphasis, white space (also as `\n` in a string), or any character. */
const TOKEN = /`[^`]*`|\]\([^)\s]*\)|\*\*|\[|(?:\s|\\n)+|./gu;

function plainOf(token: string): string {
  if (token.length > 1 && token.startsWith('`')) return CODE;
  if (token.startsWith('](') || token === '**' || token === '[') return '';
  return /^(?:\s|\\n)/.test(token) ? ' ' : token;
}

/** Reads the prose of a file: as Markdown, JSON, TypeScript or JavaScript by its name, or else the comments after a `#`. */
export function readProse(file: string, source: string): Prose {
  const prose = new Prose();
  if (file.endsWith('.md')) readMarkdown(prose, source, 0);
  else if (file.endsWith('.json')) readStrings(prose, source, parseExpression(source));
  else if (/\.[cm]?[jt]s$/.test(file)) readCode(prose, source);
  else readHashComments(prose, source);
  return prose;
}

/** A line that starts a new passage: a list item, a heading, a quotation, or a tag of a docblock. */
const STARTS_PASSAGE = /^\s*(?:[-*+>]\s|\d+\.\s|#+\s|@\w)/;

function readMarkdown(prose: Prose, source: string, offset: number): void {
  let isCode = false;
  for (const { 0: line, index } of source.matchAll(/.*\n?/g)) {
    const start = offset + index;
    const isFence = /^\s*(?:```|~~~)/.test(line);
    if (isFence) isCode = !isCode;
    const isRow = /^\s*\|/.test(line);
    if (isFence || isCode || isRow || line.trim() === '' || STARTS_PASSAGE.test(line)) {
      prose.endPassage(start);
    }
    if (isFence) continue;
    for (const { 0: part, index: at } of line.matchAll(isRow ? /(?:\\.|[^|])+|\|/gs : /.+/gs)) {
      if (part === '|') prose.endPassage(start + at);
      else prose.append(part, start + at);
    }
  }
  prose.endPassage(offset + source.length);
}

const blank = (text: string) => ' '.repeat(text.length);

function readHashComments(prose: Prose, source: string): void {
  for (const { 0: block, index } of source.matchAll(/(?:^[ \t]*#.*\n?)+/gm)) {
    readMarkdown(prose, block.replaceAll(/^[ \t]*#/gm, blank), index);
  }
}

/** A node of Babel's syntax tree, with the properties that every node has. */
interface Node {
  type: string;
  start: number;
  end: number;
  [key: string]: unknown;
}

function isNode(value: unknown): value is Node {
  return typeof (value as Node | null)?.type === 'string' && 'start' in (value as Node);
}

function readCode(prose: Prose, source: string): void {
  const plugins: ParserOptions['plugins'] = ['typescript', 'explicitResourceManagement'];
  const { program, comments } = parse(source, { sourceType: 'unambiguous', plugins });
  readComments(prose, source, (comments ?? []) as unknown as Node[]);
  readStrings(prose, source, program);
}

/** Reads comments as Markdown, without their slashes and stars. `//` lines that follow each other are one. */
function readComments(prose: Prose, source: string, comments: Node[]): void {
  const blocks: { start: number; end: number; isLine: boolean }[] = [];
  for (const { type, start, end } of comments) {
    const isLine = type === 'CommentLine';
    const last = blocks.at(-1);
    if (isLine && last?.isLine && /^\s*$/.test(source.slice(last.end, start))) last.end = end;
    else blocks.push({ start, end, isLine });
  }
  for (const { start, end, isLine } of blocks) {
    const markers = isLine ? /^[ \t]*\/\//gm : /^\/\*+|^[ \t]*\*+\/?|\*+\/$/gm;
    readMarkdown(prose, source.slice(start, end).replaceAll(markers, blank), start);
  }
}

/** Reads every string of more than one word. Strings that are joined with `+` are one passage. */
function readStrings(prose: Prose, source: string, node: unknown): void {
  const readParts = (child: unknown) => readStrings(prose, source, child);
  if (!isText(node)) {
    forEachChild(node, readParts);
    return;
  }
  const parts = partsOf(node);
  const isLiteral = ({ type }: Node) => type === 'StringLiteral' || type === 'TemplateElement';
  if (parts.some(({ start, end }) => source.slice(start, end).includes(' '))) {
    for (const part of parts) {
      const { type, start, end } = part;
      const quote = type === 'StringLiteral' ? 1 : 0;
      if (isLiteral(part)) prose.append(source.slice(start + quote, end - quote), start + quote);
      else prose.appendUnknown(start);
    }
    prose.endPassage(node.end);
  }
  for (const part of parts) if (!isLiteral(part)) readParts(part);
}

/** Whether a node is a string: a literal, a template, or a sum of which one side is a string. */
function isText(node: unknown): node is Node {
  if (!isNode(node)) return false;
  if (node.type === 'StringLiteral' || node.type === 'TemplateLiteral') return true;
  if (node.type !== 'BinaryExpression') return false;
  return node.operator === '+' && (isText(node.left) || isText(node.right));
}

/** Returns the parts of a string in their order: literals, pieces of templates, and expressions. */
function partsOf(node: Node): Node[] {
  if (node.type === 'BinaryExpression') {
    return [node.left, node.right].flatMap((side) => partsOf(side as Node));
  }
  if (node.type !== 'TemplateLiteral') return [node];
  const parts = [...(node.quasis as Node[]), ...(node.expressions as Node[])];
  return parts.sort((a, b) => a.start - b.start);
}

function forEachChild(value: unknown, visit: (child: unknown) => void): void {
  if (Array.isArray(value)) for (const item of value) visit(item);
  if (!isNode(value)) return;
  for (const [key, child] of Object.entries(value)) {
    if (typeof child === 'object' && key !== 'loc' && !key.endsWith('omments')) visit(child);
  }
}
