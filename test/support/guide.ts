/*
 * A guide in Markdown as steps that can be run: each block of `sh`, with the answer that is printed under it.
 */

/** Something to run, and what the guide says comes of it. */
export interface Step {
  /** The heading that it stands under. */
  heading: string;
  /** The line of its first command, from 1. */
  line: number;
  command: string;
  /** What is printed under it: a block of `json`, `http` or `text`. */
  printed?: { language: string; text: string };
}

const FENCE = /^```(\w*)$/;

/** The steps of a guide, in its order. */
export function stepsOf(markdown: string): Step[] {
  const steps: Step[] = [];
  let heading = '';
  const lines = markdown.split('\n');
  for (let at = 0; at < lines.length; at++) {
    const text = lines[at] ?? '';
    if (text.startsWith('#')) heading = text.replace(/^#+ /, '');
    const [, language] = FENCE.exec(text) ?? [];
    if (language === undefined) continue;
    const end = lines.indexOf('```', at + 1);
    const block = lines.slice(at + 1, end).join('\n');
    const last = steps.at(-1);
    if (language === 'sh') steps.push({ heading, line: at + 2, command: block });
    else if (last && !last.printed) last.printed = { language, text: block };
    else throw new Error(`Line ${at + 1} is the answer to nothing`);
    at = end;
  }
  return steps;
}

/** An answer as values: what is compared. */
export function read(language: string, text: string): unknown {
  if (language === 'json') return readJson(text);
  if (language === 'http') return readHttp(text);
  return text.trimEnd();
}

/** JSON in which `…` stands for a value, for further members of an object, or for further items of a list. */
function readJson(text: string): unknown {
  const open: string[] = [];
  let before = '';
  const json = text.replaceAll(/"(?:[^"\\]|\\.)*"|[^\s"]/g, (token) => {
    if ('{['.includes(token)) open.push(token);
    if ('}]'.includes(token)) open.pop();
    const isMember = open.at(-1) === '{' && before !== ':';
    before = token;
    if (token !== '…') return token;
    return isMember ? '"…": "…"' : '"…"';
  });
  return JSON.parse(json);
}

/** What `curl -i` prints: a status line, headers, an empty line, and a body. */
function readHttp(text: string): unknown {
  const [head = '', ...rest] = text.replaceAll('\r', '').split('\n\n');
  const [status, ...lines] = head.split('\n');
  const headers = Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  const body = rest.join('\n\n').trim();
  // A guide shows the headers that matter.
  return {
    status,
    headers: { ...headers, '…': '…' },
    body: body.startsWith('{') ? readJson(body) : body,
  };
}

/** An id, an instant or a day, which differ from run to run; or something left out. */
const VARIABLE = /(…|\b[0-9a-f]{24}\b|\b\d{4}-\d\d-\d\d(?:T[\d:.]+Z)?)/;

/**
 * Says what came in the words of the guide: without what the guide leaves out, and with its ids and times. What is
 * still different then is wrong in one of the two.
 *
 * @param ids which id came where the guide has which: an id stays the same throughout it
 */
export function inWordsOf(printed: unknown, came: unknown, ids: Map<string, string>): unknown {
  if (printed === '…') return printed;
  if (typeof printed === 'string' && typeof came === 'string')
    return isLike(printed, came, ids) ? printed : came;
  if (Array.isArray(printed) && Array.isArray(came)) {
    const isShort = printed.at(-1) === '…';
    const shown = isShort ? came.slice(0, printed.length - 1) : came;
    const items = shown.map((item, at) => inWordsOf(printed[at], item, ids));
    return isShort ? [...items, '…'] : items;
  }
  if (!isObject(printed) || !isObject(came)) return came;
  const isShort = '…' in printed;
  const shown = Object.entries(came).filter(([name]) => !isShort || name in printed);
  const members = shown.map(([name, value]) => [name, inWordsOf(printed[name], value, ids)]);
  return { ...Object.fromEntries(members), ...(isShort ? { '…': '…' } : {}) };
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function isLike(printed: string, came: string, ids: Map<string, string>): boolean {
  const found: string[] = [];
  const patterns = printed.split(VARIABLE).map((part, at) => {
    if (at % 2 === 0) return part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
    if (part === '…') return '.*';
    if (part.includes('-')) return part.includes('T') ? '[\\d-]{10}T[\\d:.]+Z' : '[\\d-]{10}';
    const known = ids.get(part);
    if (known) return known;
    found.push(part);
    return '([0-9a-f]{24})';
  });
  const match = new RegExp(`^${patterns.join('')}$`, 's').exec(came);
  found.forEach((id, at) => {
    if (match?.[at + 1]) ids.set(id, match[at + 1] ?? '');
  });
  return match !== null;
}
