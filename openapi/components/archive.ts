import * as z from 'zod/mini';
import {
  archivedProduct,
  archivePage,
  ingestBody,
  ingested,
  restorationBody,
} from '#lib/archive/schema.ts';
import { component, elementOf, pageComponent, plainComponent } from './component.ts';

const records = ingestBody._zod.def.out;
const record = elementOf(records);

export const archive = {
  requests: [
    plainComponent(
      'OldRecord',
      record,
      'A record of any shape, with at least one member, nested at most 50 levels deep, and at most 1,000,000 characters long as JSON. No member may be named `_archive` or `_bsontype`.',
      {
        minProperties: 1,
        propertyNames: { type: 'string', not: { enum: ['_archive', '_bsontype'] } },
      },
    ),
    {
      ...plainComponent('OldRecords', ingestBody, 'A record or a list of records.'),
      as: z.union([record, records]),
    },
    plainComponent(
      'RestorationPatch',
      restorationBody,
      'A JSON merge patch (RFC 7396) for the archived record; null removes a member. The result must match ProductInput.',
    ),
  ],
  answers: [
    component(
      'ArchivedProduct',
      archivedProduct,
      'An archived product or an old record, with all its original fields.',
      { _archive: 'The archive’s own metadata.' },
    ),
    component(
      'ArchiveEntry',
      archivedProduct.shape._archive,
      'The archive’s metadata about a record.',
      {
        id: 'The id of the record in the archive.',
        store: 'The id of the store that the record belonged to; null for the head catalog.',
        source:
          '`catalog` for an archived product, `ingest` for an old record that was added to the archive.',
        archivedAt: 'When the record was added to the archive.',
      },
    ),
    pageComponent('ArchivePage', archivePage, 'records of an archive, newest first', {}),
    component('Ingested', ingested, 'The records that were added to the archive.', {
      archived: 'The ids of the records, in the order of the request.',
    }),
  ],
};
