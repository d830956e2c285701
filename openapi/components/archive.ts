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
      'A record of any shape, with one member at least: at most 50 levels deep and 1,000,000 characters long. No member is called `_archive` or `_bsontype`.',
      {
        minProperties: 1,
        propertyNames: { type: 'string', not: { enum: ['_archive', '_bsontype'] } },
      },
    ),
    {
      ...plainComponent('OldRecords', ingestBody, 'A record, or a list of records.'),
      as: z.union([record, records]),
    },
    plainComponent(
      'RestorationPatch',
      restorationBody,
      'A JSON merge patch (RFC 7396) that makes a product of an old record: null removes a member. What comes of it must be as ProductInput has it.',
    ),
  ],
  answers: [
    component(
      'ArchivedProduct',
      archivedProduct,
      'A retired product or an old record, with every field that it had.',
      { _archive: 'What the archive itself knows of it.' },
    ),
    component(
      'ArchiveEntry',
      archivedProduct.shape._archive,
      'What the archive knows of a record.',
      {
        id: 'The id of the record in the archive.',
        store: 'The id of the store that it belonged to; null for the head catalog.',
        source: 'Whether it was a product (`catalog`) or came in as an old record (`ingest`).',
        archivedAt: 'When it came into the archive.',
      },
    ),
    pageComponent('ArchivePage', archivePage, 'records of an archive, the newest first', {}),
    component('Ingested', ingested, 'What was taken into the archive.', {
      archived: 'The ids of the records, in the order in which they were sent.',
    }),
  ],
};
