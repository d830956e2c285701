import { mkdirSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { handler } from '../../functions/get-health.ts';
import { transportOf } from '../../lib/transport.ts';
import { callArtifact } from '../support/artifacts.ts';
import { eventOf } from '../support/gateway.ts';
import { type RoleCredentials, RoleServer } from '../support/role-server.ts';
import { servers } from '../support/settings.ts';

/*
 * Without a password: a packaged function signs in to its databases as the role that Lambda gives it. What the
 * runtime brings along stands in a folder beside the function, and NODE_PATH names it, as in Lambda.
 */

const role: RoleCredentials = { id: 'id-of-the-role', secret: 'its secret', token: 'its token' };

/** @param folder what was packaged */
export function describeRoleSignIn(folder: string): void {
  const runtime = join(folder, 'runtime', 'node_modules');
  const primary = new RoleServer(servers.primary, role);
  const secondary = new RoleServer(servers.secondary, role);

  /** The extension that gives a function its secrets. */
  const extension = createServer((request, response) => {
    const { uri: first } = primary;
    const { uri: second } = secondary;
    const value = JSON.stringify({ primary: first, secondary: second, cursor: 'signs' });
    const isFor = request.headers['x-aws-parameters-secrets-token'] === role.token;
    response.writeHead(isFor ? 200 : 403).end(JSON.stringify({ Parameter: { Value: value } }));
  });

  beforeAll(async () => {
    await primary.listen();
    await secondary.listen();
    await new Promise<void>((resolve) => extension.listen(0, '127.0.0.1', resolve));
    mkdirSync(join(runtime, '@aws-sdk'), { recursive: true });
    const name = '@aws-sdk/credential-providers';
    const installed = new URL(`../../node_modules/${name}`, import.meta.url);
    symlinkSync(fileURLToPath(installed), join(runtime, name));
  });
  afterAll(async () => {
    extension.close();
    await primary.shut();
    await secondary.shut();
  });

  /** Calls get-health, which asks both servers, as Lambda runs it: with the credentials of a role. */
  function ask(env: Record<string, string | undefined> = {}) {
    return callArtifact(folder, 'get-health', {
      event: eventOf(handler, {}),
      env: {
        PRIMARY_CONN_STR: undefined,
        SECONDARY_CONN_STR: undefined,
        CURSOR_SECRET: undefined,
        SECRETS_PARAMETER: '/manystore/prod',
        PARAMETERS_SECRETS_EXTENSION_HTTP_PORT: String((extension.address() as AddressInfo).port),
        AWS_ACCESS_KEY_ID: role.id,
        AWS_SECRET_ACCESS_KEY: role.secret,
        AWS_SESSION_TOKEN: role.token,
        // What is not Lambda's own must not count: a profile of whoever runs the test, or a machine's role.
        AWS_EC2_METADATA_DISABLED: 'true',
        AWS_PROFILE: undefined,
        HOME: folder,
        NODE_PATH: runtime,
        ...env,
      },
    });
  }

  describe('a function that signs in with its role', () => {
    it('is let in by both servers, and holds no password', async () => {
      for (const { uri } of [primary, secondary]) expect(uri).not.toMatch(/@/);
      expect(await ask()).toMatchObject({ status: 200 });
      expect([new Set(primary.attempts), new Set(secondary.attempts)]).toEqual([
        new Set([true]),
        new Set([true]),
      ]);
    });

    it('is not let in with the credentials of another', async () => {
      primary.attempts.length = 0;
      const answer = await ask({ AWS_SECRET_ACCESS_KEY: 'another secret' });
      expect(answer).toMatchObject({ status: 503 });
      expect(primary.attempts).toContain(false);
      expect(primary.attempts).not.toContain(true);
    });

    it('needs what the runtime brings along', async () => {
      primary.attempts.length = 0;
      expect(await ask({ NODE_PATH: undefined })).toMatchObject({ status: 503 });
      expect(primary.attempts).toEqual([]);
    });

    it('goes by TLS, as every other', () => {
      const options = 'authSource=%24external&authMechanism=MONGODB-AWS';
      expect(transportOf(`mongodb+srv://cluster.example/manystore?${options}`)).toEqual({
        tls: true,
      });
    });
  });
}
