import { parseArgs } from 'node:util';
import { SCOPES } from '#lib/http/scopes.ts';
import { runCommand } from './command.ts';
import { fetchToken, issuerOf } from './token-request.ts';

/*
 * `npm run -s token`: prints an access token of the local issuer, which `npm start` runs.
 *
 *   npm run -s token -- --stores acme,globex --scopes "products:read products:write" --subject me
 */

async function print(): Promise<number> {
  const { values } = parseArgs({
    options: {
      stores: { type: 'string', default: '*' },
      scopes: { type: 'string', default: SCOPES.join(' ') },
      subject: { type: 'string' },
      issuer: { type: 'string', default: issuerOf(`http://localhost:${process.env.PORT || 3000}`) },
    },
  });
  const token = await tokenFrom(values.issuer, {
    stores: values.stores.split(','),
    scopes: values.scopes.split(/[\s,]+/),
    subject: values.subject,
  });
  process.stdout.write(`${token}\n`);
  return 0;
}

/** @throws {Error} with a message of one line, when the issuer does not respond, or rejects the request */
async function tokenFrom(...request: Parameters<typeof fetchToken>): Promise<string> {
  try {
    return await fetchToken(...request);
  } catch (error) {
    const reason =
      error instanceof TypeError
        ? 'the issuer does not respond. Check that npm start is running'
        : (error as Error).message;
    throw new Error(`Could not get a token: ${reason}`, { cause: error });
  }
}

await runCommand({
  usage:
    'npm run -s token -- [--stores ID,… or *] [--scopes "SCOPE …"] [--subject NAME] [--issuer URL]',
  about:
    'Prints an access token of the local issuer, which npm start runs. By default, it covers all stores and all scopes.',
  main: print,
});
