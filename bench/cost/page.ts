import {
  COLD_SHARE,
  costOfMillion,
  EVENT_OVERHEAD,
  type Fixed,
  fixedCosts,
  HOURS_PER_MONTH,
  tutorialMillion,
  twoClusters,
} from './bill.ts';
import { TRAVEL_MS } from './far-server.ts';
import type { Calls, Measured } from './measured.ts';
import type { Price, Prices } from './prices.ts';
import { MEMORY_OF_ONE_CPU } from './quota.ts';

/** Where the page is. */
export const PAGE_FILE = new URL('../../docs/cost.md', import.meta.url);

/** Requests of a month, for the examples. */
const MONTHS = [1, 10, 100];
/** The requests of a typical month, in percent. */
const MIX = { 'get-product of a store': 70, 'list-products, 100 of a store': 20 } as const;
const REST = 'create-product in a store';

const usd = (value: number): string => value.toFixed(2);
const ms = (value: number): string => (value < 10 ? value.toFixed(1) : value.toFixed(0));

/** Returns a table whose columns stand under one another, as the formatter writes it. */
function table(header: string[], rows: string[][]): string {
  const columns = header.map((title, index) => {
    const cells = [title, ...rows.map((row) => row[index] ?? '')];
    const width = Math.max(3, ...cells.map(({ length }) => length));
    const isText = index === 0;
    const line = isText ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`;
    const [first, ...rest] = cells.map((cell) => cell[isText ? 'padEnd' : 'padStart'](width));
    return [first, line, ...rest];
  });
  const lines = ['', '', ...rows].map((_, at) => columns.map((cells) => cells[at]).join(' | '));
  return lines.map((line) => `| ${line} |`).join('\n');
}

/** Returns the text of docs/cost.md. */
export function costPage(measured: Measured, prices: Prices): string {
  const { date, machine, node, operations, tutorial, byMemory } = measured;
  const fixed = fixedCosts(measured, prices);
  const fixedSum = sumOf(fixed);
  const mixed = mixedMillion(operations, prices);
  const [ours] = operations as [Calls];
  const comparable = costOfMillion(ours, prices);
  const theirs = tutorialMillion(tutorial, prices);
  return `# What would I pay?

<!-- \`npm run cost\` writes this page: change bench/cost/page.ts instead. -->

This page estimates the monthly costs of a deployment: a fixed part, and a part for each million requests. All amounts are in US
dollars at list prices of US East (N. Virginia), without tax, free tiers and discounts. The durations were measured on
${date}, with the packaged functions under the CPU quota that Lambda gives ${ours.memory} MB. The service did not run on AWS for
this page: read [what was not measured](#what-was-not-measured) before you plan with it.

## In short

${table(
  [
    'requests in a month',
    'for requests',
    'fixed, without clusters',
    'two M10',
    'two M30',
    'with two M10',
    'with two M30',
  ],
  MONTHS.map((millions) => {
    const requests = millions * mixed.total;
    const clusters = [twoClusters('m10', prices), twoClusters('m30', prices)] as const;
    return [
      `${millions},000,000`,
      ...[requests, fixedSum, ...clusters].map(usd),
      ...clusters.map((each) => usd(each + fixedSum + requests)),
    ];
  }),
)}

A month has ${HOURS_PER_MONTH} hours. Of the requests, ${Object.entries(MIX)
    .map(([name, percent]) => `${percent} % are ${name}`)
    .join(
      ', ',
    )}, and the others ${REST}; ${100 * COLD_SHARE} % of them start a new container. The clusters are most of the costs
until there are tens of millions of requests. With the bodies of their responses, a million of these requests also transfer ${(mixed.transfer / prices.transferOut.usd).toFixed(1)} GB
to the internet, which is ${usd(mixed.transfer)} and in no total of this page. Much of it is avoided by clients that send \`If-None-Match\`.

## A million requests

${table(
  [
    'operation',
    'warm, ms',
    'cold, ms',
    'CPU, ms',
    'Lambda',
    'gateway',
    'logs',
    'KMS',
    'total',
    'bodies',
  ],
  operations.map((calls) => rowOf(calls, costOfMillion(calls, prices))),
)}

- _Warm_ is the mean duration of a call, each rounded up to a full millisecond as Lambda does. _Cold_ is the duration from the
  start of Node to the first answer, all of which is billed. _CPU_ is the processor time of a warm call.
- _Lambda_ is the price of the duration, including the cold starts, and of the invocations. _Gateway_ is that of the HTTP API.
- _Logs_ are what the function writes, the lines START, END and REPORT of Lambda, and a line of the gateway's access log, with
  ${EVENT_OVERHEAD} bytes that CloudWatch adds to each line. A function of this service writes ${ours.logBytes} bytes for a request of get-product, with
  the default \`POWERTOOLS_LOG_LEVEL\`, in the embedded metric format for its metrics.
- _KMS_ decrypts the connection strings in Parameter Store, once in each new container.
- _Bodies_ is the price of transferring the response bodies to the internet. It is not part of _total_.

## Beside the tutorial

The shape of MongoDB's tutorial, express with mongoose in one function, on the same prices, with the same memory and quota, for
the same request on one database:

${table(
  ['', 'warm, ms', 'cold, ms', 'CPU, ms', 'Lambda', 'gateway', 'logs', 'KMS', 'total', 'bodies'],
  [
    rowOf({ ...ours, name: 'get-product' }, comparable),
    rowOf({ ...tutorial, name: "the tutorial's shape" }, theirs),
  ],
)}

The tutorial's shape validates nothing, checks no token, and writes no log or metrics, and its secrets are in its
environment. It needs the same gateway and clusters, and has no alarms, dashboard and scheduled tasks. The price of the duration of a million
requests grows with the share of cold starts:

${table(
  ['cold starts', 'get-product', "the tutorial's shape"],
  [0, 0.01, 0.05, 0.2].map((coldShare) => [
    `${100 * coldShare} %`,
    usd(costOfMillion(ours, prices, { coldShare }).duration),
    usd(tutorialMillion(tutorial, prices, coldShare).duration),
  ]),
)}

## Memory

Lambda gives a function a share of a processor that is proportional to its memory (\`MEMORY_MB\`), one for ${MEMORY_OF_ONE_CPU.toLocaleString('en')} MB. A call
that needs less processor time than its share of 20 ms does not notice the quota:

${table(
  ['operation', 'memory, MB', 'warm, ms', 'cold, ms', 'a million, USD', 'largest process, MB'],
  memoryRows([...operations, ...byMemory], prices),
)}

## Fixed costs

${table(
  ['for a month', 'USD', 'how many'],
  [
    ...fixed.map(({ what, how, usd: value }) => [what, usd(value), how]),
    ['**together**', usd(fixedSum), ''],
    ...(['m10', 'm20', 'm30'] as const).map((tier) => [
      `two clusters ${tier.toUpperCase()}`,
      usd(twoClusters(tier, prices)),
      'one for the primary connection and one for the secondary',
    ]),
  ],
)}

The scheduled tasks were measured with 1,000 stores, of which 1 % changed between two runs of sync-mirror. How they grow is in
[operations](operations.md). The schedules themselves are free, and so are the dead letters as long as tasks succeed.

## What was not measured

- AWS itself. The durations come from a machine whose processor is not Lambda's: _${machine}_, Node ${node.replace(/^v/, '')}. The
  quota was a control group with periods of 20 ms, also for the start of Node. Lambda is said to give a function more processor
  time than its share while it starts, which would make cold starts shorter than here. Its own start of a container is not
  billed and not included.
- The database. An embedded MongoDB behind a network with ${2 * TRAVEL_MS} ms for a round trip responded, without TLS. An Atlas cluster in the same region
  takes about that; each additional millisecond of waiting costs ${usd((1e6 / 1_000) * (ours.memory / 1_024) * prices.lambdaX86.usd)} for a million commands.
- arm64 (\`ARCHITECTURE\`). Its price for the duration is ${(100 * (1 - prices.lambdaArm.usd / prices.lambdaX86.usd)).toFixed(0)} % lower; how long the functions take on it is not known.
- The traffic between AWS and Atlas, the NAT gateway of a VPC (this service needs no VPC), peering or PrivateLink, backups and additional storage of
  Atlas, and a custom domain with its certificate, CloudFront or a firewall.
- The share of cold starts, which depends on the traffic. AWS reports less than 1 % for most functions, and more for a function that is rarely
  called. With a function for each operation, operations that are rarely called start more often.
- The stored logs: ${'`LOG_RETENTION_DAYS`'} keeps them 30 days, at about a fifteenth of their price of ingestion for each month.

## Prices

${table(['USD', 'for a', 'compared on', 'with'], Object.values(prices).map(priceRow))}

The prices are in \`bench/cost/prices.ts\`, the measurements in \`bench/cost/measured.json\`, and what is assumed in
\`bench/cost/bill.ts\`. After a change of a price, \`npm run cost -- --text\` writes this page again; \`npm run cost\` measures as well, as
root, in about ten minutes.
`;
}

const priceRow = ({ usd: value, per, source, seen }: Price): string[] => [
  value < 0.001 ? value.toFixed(value === 0 ? 0 : 10) : String(value),
  `[${per}](${source})`,
  seen.date,
  seen.where,
];

function rowOf(calls: Calls, cost: ReturnType<typeof costOfMillion>): string[] {
  return [
    calls.name,
    ...[calls.warm, calls.init + calls.first, calls.cpu].map(ms),
    ...[cost.duration + cost.invocations, cost.gateway, cost.logs, cost.decryptions].map(usd),
    ...[cost.total, cost.transfer].map(usd),
  ];
}

const sumOf = (fixed: readonly Fixed[]): number =>
  fixed.reduce((sum, { usd: value }) => sum + value, 0);

/** Returns what a million requests of the typical month cost. */
function mixedMillion(operations: readonly Calls[], prices: Prices) {
  const shares = new Map<string, number>(Object.entries(MIX));
  shares.set(REST, 100 - [...shares.values()].reduce((sum, percent) => sum + percent, 0));
  const mixed = { total: 0, transfer: 0 };
  for (const [name, percent] of shares) {
    const calls = operations.find((each) => each.name === name);
    if (!calls) throw new Error(`${name} was not measured`);
    const { total, transfer } = costOfMillion(calls, prices);
    mixed.total += (percent / 100) * total;
    mixed.transfer += (percent / 100) * transfer;
  }
  return mixed;
}

/** Returns the rows of the operations that were measured with several sizes of memory. */
function memoryRows(all: readonly Calls[], prices: Prices): string[][] {
  const names = [...new Set(all.map(({ name }) => name))];
  return names.flatMap((name) => {
    const sizes = all.filter((calls) => calls.name === name).sort((a, b) => a.memory - b.memory);
    if (sizes.length === 1) return [];
    return sizes.map((calls) => [
      name,
      String(calls.memory),
      ms(calls.warm),
      ms(calls.init + calls.first),
      usd(costOfMillion(calls, prices).total),
      String(calls.rss),
    ]);
  });
}
