import mongoose from 'mongoose';
import type { SyncResult } from '#lib/mirror/schema.ts';
import type { ProductRecord } from '#lib/products/record.ts';
import { answerParent } from './children.ts';
import { type Figure, plain } from './figure.ts';

/* A cold run of sync-mirror, or pages of the mirror, in a process of its own: its memory is the function's. */

/** What one run of the function took; with what the servers were asked, if that is counted. */
export interface Taken {
  result: SyncResult;
  seconds: number;
  /** In megabytes, the most there was. */
  rss: number;
  commands: Record<string, number>;
  documents: number;
}

answerParent((question: 'sync' | 'search') => (question === 'sync' ? sync() : search()));

async function sync(): Promise<Taken> {
  const { handler } = await import('../functions/sync-mirror.ts');
  const { primary, secondary } = await import('#lib/connections.ts');
  const commands: Record<string, number> = {};
  let documents = 0;
  for (const open of [primary, secondary])
    (await open()).getClient().on('commandSucceeded', ({ commandName, reply }) => {
      commands[commandName] = (commands[commandName] ?? 0) + 1;
      const { firstBatch, nextBatch } = (reply as mongoose.mongo.Document).cursor ?? {};
      documents += (firstBatch ?? nextBatch ?? []).length;
    });
  const context = { awsRequestId: 'bench', getRemainingTimeInMillis: () => 290_000 };
  const started = performance.now();
  const result = await handler({}, context as never);
  const seconds = (performance.now() - started) / 1_000;
  const rss = process.resourceUsage().maxRSS / 1_024;
  return { result, seconds, rss, commands, documents };
}

/** What a page of the mirror costs, by words of more and fewer products. */
async function search(): Promise<Figure[]> {
  const { mirrorOn } = await import('#lib/mirror/record.ts');
  const { selectionOf } = await import('#lib/products/lists.ts');
  const uri = process.env.SECONDARY_CONN_STR ?? '';
  const connection = await mongoose.createConnection(uri).asPromise();
  const mirror = mirrorOn(connection) as mongoose.Model<ProductRecord>;
  const figures: Figure[] = [];
  for (const sort of ['createdAt', '-price'] as const)
    for (const q of ['w0', 'w1', 'w2', 'w3', 'product w3']) {
      const query = { limit: 20, cursor: undefined, sort, filter: { q } };
      const { conditions, sort: order, limit } = selectionOf(query, { list: 'bench' });
      const page = () => mirror.find(conditions, { terms: 0 }).sort(order).limit(limit);
      await page().lean();
      const started = performance.now();
      await page().lean();
      const name = `search ${q} by ${sort}`;
      figures.push(plain(performance.now() - started, { name, unit: 'ms' }));
      const plan = (await page().explain('executionStats')) as never as {
        executionStats: { totalDocsExamined: number };
      };
      const { totalDocsExamined } = plan.executionStats;
      figures.push(plain(totalDocsExamined, { name: `${name}: documents`, unit: '' }));
    }
  return figures;
}
