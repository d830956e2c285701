// Uses the installed package as JavaScript: node use.mjs <URL>
import { manystore } from '@manystore/client';

const url = globalThis.process?.argv[2];
const client = manystore({ url, token: 'a token', retryDelayMs: 1 });
const ids = [];
for await (const { id } of client.items('/stores')) ids.push(id);
console.log(JSON.stringify(ids));
