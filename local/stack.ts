import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { runCommand } from './command.ts';

/*
 * `npm run stack`: replaces the positions in a stack trace of a deployed function by those in the sources, with the source maps
 * of the packaging that was deployed.
 */

/** A position in the script of a function. */
const POSITION = /[^\s("]*functions\/([\w-]+)\.bundle\.js:(\d+):(\d+)/g;

async function decode(): Promise<number> {
  const { values } = parseArgs({ options: { maps: { type: 'string', default: '.serverless' } } });
  const maps = new Map<string, SourceMap>();
  const mapOf = (name: string) => {
    const known = maps.get(name);
    if (known) return known;
    const file = `${values.maps}/${name}.bundle.js.map`;
    const map = new SourceMap(JSON.parse(readFileSync(file, 'utf8')));
    maps.set(name, map);
    return map;
  };
  const decoded = (await text(process.stdin)).replace(POSITION, (position, name, line, column) => {
    // findOrigin() counts from 1, as stack traces do.
    const origin = mapOf(name).findOrigin(Number(line), Number(column));
    return 'fileName' in origin
      ? `${origin.fileName}:${origin.lineNumber}:${origin.columnNumber}`
      : position;
  });
  process.stdout.write(decoded);
  return 0;
}

await runCommand({
  usage: 'npm run -s stack -- [--maps FOLDER] < TEXT',
  about:
    'Replaces the positions in stack traces of deployed functions, such as in lines of the log, by those in the sources.\n' +
    'It needs the source maps of the packaging that was deployed, in .serverless or another folder.',
  main: decode,
});
