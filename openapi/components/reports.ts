import * as z from 'zod/mini';
import { apiDocument } from '#lib/api-page/schema.ts';
import { health } from '#lib/health/schema.ts';
import { searchPage } from '#lib/mirror/schema.ts';
import { reportPage, snapshotPage } from '#lib/reports/figures-schema.ts';
import { drift, overview } from '#lib/reports/schema.ts';
import { component, elementOf, pageComponent, plainComponent } from './component.ts';

const FIGURES = {
  products: 'The number of products.',
  units: 'The total number of units in stock.',
  value: 'The value of the stock by currency, in the minor unit of each.',
  lowStock: 'The number of products that are low on stock.',
};

export const reports = {
  requests: [],
  answers: [
    {
      ...plainComponent('ApiDocument', apiDocument, 'This OpenAPI document.'),
      as: z.looseObject({ openapi: z.string(), info: z.looseObject({}), paths: z.looseObject({}) }),
    },
    pageComponent('SearchPage', searchPage, 'products of all stores in the mirror', {
      asOf: 'The results include every change before this time, except in stores that have never been mirrored; null if no store has been.',
    }),
    component('StoreFigures', elementOf(reportPage.shape.items), 'The figures of a store.', {
      ...FIGURES,
      store: 'The store.',
      syncedAt:
        'The time of the figures. It is null until the first sync of the store is complete; until then, the figures cover what has been mirrored so far.',
    }),
    pageComponent('StoreFiguresPage', reportPage, 'the figures of stores, ordered by id', {}),
    component(
      'DayFigures',
      elementOf(snapshotPage.shape.items),
      'The figures of a store on a day.',
      {
        ...FIGURES,
        date: 'The day (UTC).',
        takenAt: 'When the snapshot was taken.',
        syncedAt: 'The time of the figures.',
      },
    ),
    pageComponent('DayFiguresPage', snapshotPage, 'the figures of a store, newest day first', {}),
    component('Overview', overview, 'A summary of the data on both servers and of the clusters.', {
      primary:
        'The number of stores by status and an estimate of the products in the head catalog, or why they are missing.',
      secondary:
        'An estimate of the products in the mirror and the number of archived records by source, or why they are missing.',
      missing: 'The servers that did not respond.',
      clusters:
        'The clusters other than the primary, each with the number of its stores, and the time that a ping took in milliseconds, or why it failed.',
    }),
    component('Drift', drift, 'How archived records differ from the current product schema.', {
      records: 'The number of records that were examined.',
      items: 'The differences, most frequent first.',
      more: 'Whether rarer differences were omitted because they did not fit.',
      at: 'All records that were archived before this time are included. It is the time of the request for up to a thousand records. For more, the report is from summaries that are made every hour; null while the first one is incomplete.',
    }),
    component(
      'DriftItem',
      elementOf(drift.shape.items),
      'A path and type that occur in archived records, and how often.',
      {
        path: 'A JSON pointer (RFC 6901) into a record. `*` stands for any element of an array; a member named `*` is written `~2`.',
        type: 'A JSON Schema type; a BSON type such as `date` where JSON has none; or `missing` for a required member that the record lacks.',
        count: 'The number of records in which it occurs.',
      },
    ),
    component('Health', health, 'The health of the service.', {
      status:
        '`degraded` if the secondary server or a cluster is down. If the primary server is down, the response is 503.',
      connections: 'The connections to the two servers.',
      clusters: 'How many of the clusters responded that this process is connected to.',
    }),
    component(
      'Connection',
      health.shape.connections.shape.primary,
      'The state of the connection to a server.',
      {
        status: 'Whether the server responded to a ping.',
        ms: 'The time that this took in milliseconds, including the time to connect.',
      },
    ),
  ],
};
