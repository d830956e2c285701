import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { closeConnections } from '#lib/connections.ts';
import type { Contract } from '#lib/http/contract.ts';
import type { Operation } from '#lib/http/operation.ts';
import type { Scope } from '#lib/http/scopes.ts';
import { SCOPES } from '#lib/http/scopes.ts';
import { handler as getProduct } from '../../functions/get-product.ts';
import { handler as takeSnapshots } from '../../functions/take-snapshots.ts';
import { clusterProxy, primaryProxy, secondaryProxy } from '../support/behind-proxies.ts';
import { narrowClaims, wideClaims } from '../support/claims.ts';
import { everyRequest, everyRow } from '../support/every-request.ts';
import type { TestCaller, TestRequest } from '../support/gateway.ts';
import { call, contextOf, eventOf, invoke } from '../support/gateway.ts';
import { sampleOf } from '../support/length.ts';
import { closeDirect } from '../support/mirror.ts';
import { allFunctions } from '../support/operations.ts';
import { absentSite, everythingOf, openSite } from '../support/sites.ts';

// A store that its owner has just used stays in the container's cache for the whole file.
process.env.STORE_FRESH_MS = '300000';

type Site = Awaited<ReturnType<typeof openSite>>;

const { operations, tasks } = await allFunctions();
const operationOf = (name: string) => operations.get(name) as Operation<Contract>;

const elsewhere = { cluster: 'eu-1' };

/** The caller's own store. */
let mate: Site;
/** Two stores on another cluster. */
let far: Site;
let farMate: Site;
/** A store that is in the container's cache; one on another cluster that is not; and one that does not exist. */
let inUse: Site;
let unused: Site;
let absent: Site;
beforeAll(async () => {
  [mate, inUse, unused] = [await openSite(), await openSite(), await openSite(elsewhere)];
  [far, farMate] = [await openSite(elsewhere), await openSite(elsewhere)];
  absent = absentSite(inUse);
  await invoke(takeSnapshots);
  await closeConnections();
}, 60_000);
afterAll(closeDirect);

const proxies = { primary: primaryProxy, secondary: secondaryProxy, 'eu-1': clusterProxy };

/** Starts to collect the databases of commands: the result returns those that each server has received since. */
function watchDatabases() {
  const watched = Object.entries(proxies).map(([name, { commands }]) => {
    const from = commands.length;
    return { name, since: () => commands.slice(from).map(({ database }) => database) };
  });
  return () => Object.fromEntries(watched.map(({ name, since }) => [name, new Set(since())]));
}

const isOfStore = (database: string) => database.startsWith('store_');

/** Returns the whole response as text without the request's id, and the commands that all servers received. */
async function send(operation: string, request: TestRequest, { id }: Pick<Site, 'id'>) {
  const handler = operationOf(operation);
  const counts = Object.values(proxies).map(({ commands }) => commands.length);
  const context = contextOf(handler);
  const result = await handler(eventOf(handler, request), context);
  const commands = Object.values(proxies).flatMap(({ commands }, n) => commands.slice(counts[n]));
  const text = JSON.stringify(result)
    .replaceAll(context.awsRequestId, '<request>')
    .replaceAll(id, '<store>')
    // When report-drift compared the records.
    .replaceAll(/\\"at\\":\\"[^"]+\\"/g, '<at>');
  return {
    status: result.statusCode,
    text,
    commands: commands.map(({ name, database }) => `${database} ${name}`).sort(),
  };
}

/** Sends the request as the store's owner, so that the store is in the container's cache and its database is open. */
const useAsOwner = ({ id, product }: Site) =>
  call(getProduct, { path: { store: id, product }, caller: { stores: id } });

const scopeOf = (operation: string) => operationOf(operation).contract.scope as Scope | 'public';

it('has a row for every operation, and none without one', () => {
  expect(Object.keys(everyRequest).sort()).toEqual([...operations.keys()].sort());
});

describe.each(everyRow)('%s (%s)', (operation, _, row) => {
  const scope = scopeOf(operation);
  const sendAs = (site: Site, caller: TestCaller | null) =>
    send(operation, { ...row.request(site, mate), caller }, site);

  let before: object[];
  beforeAll(async () => {
    before = [await everythingOf(inUse), await everythingOf(unused)];
  });

  if (scope !== 'public') {
    it('answers 401 without a token', async () => {
      const answers = [await sendAs(inUse, null), await sendAs(absent, null)];
      expect(answers[0]).toMatchObject({ status: 401, commands: [] });
      expect(answers[1]).toEqual(answers[0]);
    });

    it.each([
      ...SCOPES.filter((other) => other !== scope).map((other) => [other]),
      [`${scope}s`],
      [scope.toUpperCase()],
      [scope.replace(/:.*/, '')],
      [SCOPES.filter((other) => other !== scope).join(' ')],
      [''],
    ])('answers 403 with only the scopes %j', async (scopes) => {
      const caller = { scopes: scopes.split(' '), stores: '*' };
      const answers = [await sendAs(inUse, caller), await sendAs(absent, caller)];
      expect(answers[0]).toMatchObject({ status: 403, commands: [] });
      expect(answers[1]).toEqual(answers[0]);
    });
  }

  it.each(sampleOf(narrowClaims, 2))(
    'does not reveal a hidden store to a claim with %s',
    async (_, claimOf) => {
      const callerOf = (hidden: Site) => ({ scopes: [scope], stores: claimOf(hidden.id, mate.id) });
      if (row.names) {
        const nowhere = await sendAs(absent, callerOf(absent));
        const unknown = await sendAs(unused, callerOf(unused));
        await useAsOwner(inUse);
        const known = await sendAs(inUse, callerOf(inUse));
        expect(unknown).toEqual(nowhere);
        expect(known).toEqual(nowhere);
        if (row.status >= 400 || nowhere.status !== row.status)
          expect(nowhere.status).toBe(row.opens ? 403 : 404);
      }
      const site = row.names ? inUse : row.consumes ? await openSite() : mate;
      const { status, text } = await sendAs(site, callerOf(inUse));
      // An operation on no particular store succeeds, within the stores that the caller may see.
      if (!row.names) expect(status).toBe(row.wide ? 403 : row.status);
      for (const { word } of [inUse, unused]) expect(text).not.toContain(word);
    },
  );

  it('changes nothing in a hidden store', async () => {
    expect([await everythingOf(inUse), await everythingOf(unused)]).toEqual(before);
  });
});

describe.each(everyRow)('%s (%s)', (operation, _, row) => {
  const shared: { site?: Site } = {};
  const siteFor = async () => {
    if (row.opens) return absentSite(mate);
    if (row.consumes) return await openSite();
    shared.site ??= await openSite();
    return shared.site;
  };
  const works = async (claimOf: (site: Site) => unknown, isWide = false) => {
    const site = await siteFor();
    const caller = { scopes: [scopeOf(operation)], stores: claimOf(site) };
    const request = { ...row.request(site, mate), caller };
    const { status, text } = await send(operation, request, { id: '\0' });
    expect(status).toBe(row.wide && !isWide ? 403 : row.status);
    // Without this product, the checks above could not fail.
    if (row.shows) expect(text).toContain(site.word);
  };

  it.each(sampleOf(wideClaims, 2))('succeeds for a claim with %s', (name, claimOf) =>
    works(({ id }) => claimOf([mate.id, id]), name.startsWith('a star')),
  );

  if (!row.withMate && !row.wide)
    it('succeeds for a claim with only its store', () => works(({ id }) => id));
});

describe.each(everyRow.filter(([, , { names }]) => names))('%s (%s)', (operation, _, row) => {
  it('reaches only the cluster that its store is on', async () => {
    for (const [home, other] of [
      ['primary', 'eu-1'],
      ['eu-1', 'primary'],
    ] as const) {
      const [own, next] = home === 'primary' ? [inUse, mate] : [far, farMate];
      const site = row.consumes ? await openSite({ cluster: home }) : own;
      const target = row.opens ? absentSite(own) : site;
      const request = row.request(target, next);
      if (row.opens) Object.assign(request.body as object, { cluster: home });
      const databases = watchDatabases();
      const { status } = await send(operation, request, { id: '\0' });
      expect(status).toBe(row.status);
      const reached = databases();
      const allowed = [target, next].map(({ id }) => `store_${id}`);
      for (const database of [...(reached[home] ?? [])].filter(isOfStore))
        expect(allowed).toContain(database);
      expect([...(reached[other] ?? [])].filter(isOfStore)).toEqual([]);
      expect([...(reached.secondary ?? [])].filter(isOfStore)).toEqual([]);
      if (home === 'primary') expect(reached['eu-1']).toEqual(new Set());
    }
  });
});

describe('what happens in one store', () => {
  const reports = everyRow.filter(
    ([operation, , { names }]) => !names && /^(list-stores|search|report)/.test(operation),
  );

  it.each(reports)(
    'changes nothing of %s (%s) for who may not see it',
    async (operation, _, row) => {
      const caller = { stores: `[${mate.id}]` };
      const ask = async () => {
        const { text } = await send(operation, { ...row.request(mate, mate), caller }, mate);
        // The head catalog is visible to all callers, and durations differ for other reasons.
        return text.replace(/(ms|headProducts)\\":\d+/g, '$1');
      };
      const before = await ask();
      await openSite(elsewhere);
      await invoke(takeSnapshots);
      expect(await ask()).toBe(before);
    },
  );
});

describe('a function', () => {
  const { functions } = parse(
    readFileSync(new URL('../../serverless.yml', import.meta.url), 'utf8'),
  );

  it.each([...tasks.keys()])('that is a task cannot be reached by a request: %s', (name) => {
    const { events = [], url } = functions[name];
    expect(url).toBeUndefined();
    for (const event of events) expect(Object.keys(event)).toEqual(['schedule']);
  });

  it.each([...operations.keys()])('can only be invoked through API Gateway: %s', (name) => {
    const { events, url } = functions[name];
    expect(url).toBeUndefined();
    for (const event of events) expect(Object.keys(event)).toEqual(['httpApi']);
  });
});
