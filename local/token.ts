import { parseArgs } from 'node:util';
import { SCOPES } from '#lib/http/scopes.ts';
import { fetchToken, issuerOf } from './issuer.ts';

/*
 * `npm run -s token`: prints an access token of the local issuer, which `npm start` runs.
 *
 *   npm run -s token -- --stores acme,globex --scopes "products:read products:write" --subject me
 */

async function print(): Promise<void> {
  const { values } = parseArgs({
    options: {
      stores: { type: 'string', default: '*' },
      scopes: { type: 'string', default: SCOPES.join(' ') },
      subject: { type: 'string' },
      issuer: { type: 'string', default: issuerOf(`http://localhost:${process.env.PORT || 3000}`) },
    },
  });
  const token = await fetchToken(values.issuer, {
    stores: values.stores.split(','),
    scopes: values.scopes.split(/[\s,]+/),
    subject: values.subject,
  });
  process.stdout.write(`${token}\n`);
}

print().catch((error) => {
  const reason =
    error instanceof TypeError
      ? 'the issuer does not respond. Check that npm start is running'
      : error.message;
  process.stderr.write(`Could not get a token: ${reason}\n`);
  process.exit(1);
});
