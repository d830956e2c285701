/*
 * Parses a guide in Markdown into steps that can be run: each `sh` or `ts` block, with the output that is printed after it.
 */

/** Commands, and their documented output. */
export interface Step {
  language: 'sh' | 'ts';
  /** The heading of its section. */
  heading: string;
  /** The line of its first command, from 1. */
  line: number;
  code: string;
  /** The block after it: `json`, `http` or `text`. */
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
    if (language === 'sh' || language === 'ts')
      steps.push({ language, heading, line: at + 2, code: block });
    else if (last && !last.printed) last.printed = { language, text: block };
    else throw new Error(`Line ${at + 1} is the answer to nothing`);
    at = end;
  }
  return steps;
}

/** Parses a response into values that can be compared. */
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

/** Parses the output of `curl -i`: a status line, headers, an empty line, and a body. */
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
  // A guide prints only the relevant headers.
  return {
    status,
    headers: { ...headers, '…': '…' },
    body: body.startsWith('{') ? readJson(body) : body,
  };
}

/** An id, a time or a day, which differ from run to run; or omitted content. */
const VARIABLE = /(…|\b[0-9a-f]{24}\b|\b\d{4}-\d\d-\d\d(?:T[\d:.]+Z)?)/;

/**
 * Rewrites a response as the guide prints it: without omitted content, and with the guide's ids and times. Any remaining
 * difference is a fault in the service or in the guide.
 *
 * @param ids the actual id for each id of the guide, which must be the same throughout it
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
