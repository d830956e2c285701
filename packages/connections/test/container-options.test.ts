import { describe, expect, it } from '@jest/globals';
import mongoose from 'mongoose';
import { containerOptions } from '../src/index.ts';
import { serve } from './support/served.ts';

const { server } = await serve();

describe('containerOptions', () => {
  it('use TLS for a remote server, and not for a local one', () => {
    const settings = { maxPoolSize: 5 };
    expect(containerOptions('mongodb://db.example/', settings).tls).toBe(true);
    expect(containerOptions('mongodb://localhost/', settings)).not.toHaveProperty('tls');
    expect(() => containerOptions('mongodb://db.example/?tls=false', settings)).toThrow(/TLS/);
  });

  it('set appName only if it is given, and shorten a name that MongoDB would reject', () => {
    expect(containerOptions('mongodb://localhost/', { maxPoolSize: 1 })).not.toHaveProperty(
      'appName',
    );
    const { appName } = containerOptions('mongodb://localhost/', {
      maxPoolSize: 1,
      appName: 'a'.repeat(200),
    });
    expect(appName).toHaveLength(128);
  });

  it('end every wait well before 30 seconds', () => {
    const options = containerOptions('mongodb://localhost/', { maxPoolSize: 1 });
    for (const name of [
      'serverSelectionTimeoutMS',
      'connectTimeoutMS',
      'socketTimeoutMS',
      'waitQueueTimeoutMS',
    ] as const)
      expect(options[name]).toBeLessThanOrEqual(10_000);
  });

  it('are accepted by the driver', async () => {
    const connection = mongoose.createConnection();
    await connection.openUri(
      server.uri,
      containerOptions(server.uri, { maxPoolSize: 2, appName: 'x' }),
    );
    expect(connection.getClient().options).toMatchObject({ maxPoolSize: 2, appName: 'x' });
    await connection.close();
  });
});
