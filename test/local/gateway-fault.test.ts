import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { expect, it } from '@jest/globals';
import { replaceFault } from '../../local/gateway-fault.ts';

/** Sends one response through a server that replaces faults. */
async function received(respond: (response: ServerResponse) => void) {
  const server = createServer((_, response) => {
    replaceFault(response);
    respond(response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const response = await fetch(`http://127.0.0.1:${port}`);
  const text = await response.text();
  server.close();
  return { status: response.status, text, type: response.headers.get('content-type') };
}

const fault = (errorMessage: string) =>
  JSON.stringify({ errorMessage, errorType: 'Error', stackTrace: ['at x'] });
const internal = { status: 500, text: '{"message":"Internal Server Error"}' };
const unavailable = { status: 503, text: '{"message":"Service Unavailable"}' };

it.each([
  ['failed', fault('no such module'), internal],
  ['exceeded its timeout', fault('[504] - Lambda timeout.'), unavailable],
])('answers for a function that %s as API Gateway does', async (_, body, expected) => {
  const json = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  expect(await received((response) => response.writeHead(200, json).end(body))).toMatchObject(
    expected,
  );
  const piped = await received((response) => {
    for (const [name, value] of Object.entries(json)) response.setHeader(name, value);
    response.writeHead(200);
    Readable.from([Buffer.from(body)]).pipe(response);
  });
  expect(piped).toMatchObject({ ...expected, type: 'application/json' });
});

it('passes other responses on', async () => {
  const own = '{"items":[],"next":"errorMessage"}';
  const answers = [
    await received((response) => response.writeHead(200, { 'content-type': 'a/b' }).end(own)),
    await received((response) => response.writeHead(204).end()),
    await received((response) => response.end(own)),
    await received((response) => {
      response.statusCode = 503;
      response.end(fault('of a function that sends 503'));
    }),
  ];
  expect(answers).toMatchObject([
    { status: 200, text: own, type: 'a/b' },
    { status: 204, text: '' },
    { status: 200, text: own },
    { status: 503, text: fault('of a function that sends 503') },
  ]);
});
