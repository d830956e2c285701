import * as z from 'zod/mini';
import { apiDocument } from '#lib/api-page/schema.ts';
import { health } from '#lib/health/schema.ts';
import { searchPage } from '#lib/mirror/schema.ts';
import { reportPage, snapshotPage } from '#lib/reports/figures-schema.ts';
import { drift, overview } from '#lib/reports/schema.ts';
import { component, elementOf, pageComponent, plainComponent } from './component.ts';

const FIGURES = {
  products: 'How many products there are.',
  units: 'How many pieces there are of all of them.',
  value: 'What the pieces are worth, in minor units, by currency.',
  lowStock: 'Products of which few pieces are left.',
};

export const reports = {
  requests: [],
  answers: [
    {
      ...plainComponent('ApiDocument', apiDocument, 'An OpenAPI document: this one.'),
      as: z.looseObject({ openapi: z.string(), info: z.looseObject({}), paths: z.looseObject({}) }),
    },
    pageComponent('SearchPage', searchPage, 'products of all stores, as the mirror has them', {
      asOf: 'How old the mirror is at most; null when nothing was mirrored yet.',
    }),
    component('StoreFigures', elementOf(reportPage.shape.items), 'The figures of a store.', {
      ...FIGURES,
      store: 'The store.',
      syncedAt:
        'As of when the figures are. Until the first sync of a store has ended it is null, and they are those of what is mirrored so far.',
    }),
    pageComponent('StoreFiguresPage', reportPage, 'the figures of stores, by id', {}),
    component(
      'DayFigures',
      elementOf(snapshotPage.shape.items),
      'The figures of a store on a day.',
      {
        ...FIGURES,
        date: 'The day in UTC.',
        takenAt: 'When they were taken.',
        syncedAt: 'As of when they are.',
      },
    ),
    pageComponent(
      'DayFiguresPage',
      snapshotPage,
      'the figures of a store, the newest day first',
      {},
    ),
    component('Overview', overview, 'What both servers say of themselves.', {
      primary:
        'The stores by status, and the products of the head catalog, which is an estimate; or why they are missing.',
      secondary:
        'The products of the mirror, which is an estimate, and the archived ones by where they came from; or why they are missing.',
      missing: 'The servers that did not answer.',
    }),
    component('Drift', drift, 'What archived records hold that a product of today does not.', {
      records: 'How many records were looked at.',
      items: 'The most frequent first.',
      more: 'Whether there is more than fits: rarer paths and types are left out.',
    }),
    component(
      'DriftItem',
      elementOf(drift.shape.items),
      'A path and type, and how often they are.',
      {
        path: 'A JSON pointer (RFC 6901) into a record. `*` is any element of a list; a member that is called so is written `~2`.',
        type: 'JSON Schema’s word; BSON’s where JSON has none, such as `date`; or `missing` for a member that a product must have.',
        count: 'How many records it is so in.',
      },
    ),
    component('Health', health, 'Whether the service can work.', {
      status: '`degraded` without the secondary server. Without the primary, the answer is 503.',
      connections: 'The two servers.',
    }),
    component('Connection', health.shape.connections.shape.primary, 'Whether a server answers.', {
      status: 'Whether it answered a ping.',
      ms: 'How long that took in milliseconds, connecting included.',
    }),
  ],
};
