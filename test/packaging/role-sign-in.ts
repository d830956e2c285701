import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { tlsOptions } from '@manystore/connections';
import { handler } from '../../functions/get-health.ts';
import { callArtifact } from '../support/artifacts.ts';
import type { RoleCredentials } from '../support/aws-signature.ts';
import { eventOf } from '../support/gateway.ts';
import { ParameterStore, parameter } from '../support/parameter-store.ts';
import { RoleServer } from '../support/role-server.ts';
import { servers } from '../support/settings.ts';

/*
 * Sign-in without a password: a packaged function signs in to its databases with its IAM role. As in Lambda, the packages of
 * the runtime are in a separate folder, which NODE_PATH names.
 */

const CURSOR_SECRET = 'signs the cursors of a packaged function';
const role: RoleCredentials = { id: 'id-of-the-role', secret: 'its secret', token: 'its token' };

/** @param folder what was packaged */
export function describeRoleSignIn(folder: string): void {
  const runtime = join(folder, 'runtime', 'node_modules');
  const primary = new RoleServer(servers.primary, role);
  const secondary = new RoleServer(servers.secondary, role);

  const store = new ParameterStore(role);
  let found: Record<string, string>;

  beforeAll(async () => {
    await primary.listen();
    await secondary.listen();
    found = await store.listen();
    const value = { primary: primary.uri, secondary: secondary.uri, cursor: CURSOR_SECRET };
    store.answers = [parameter(JSON.stringify(value))];
    mkdirSync(join(runtime, '@aws-sdk'), { recursive: true });
    const name = '@aws-sdk/credential-providers';
    const installed = new URL(`../../node_modules/${name}`, import.meta.url);
    symlinkSync(fileURLToPath(installed), join(runtime, name));
  });
  afterAll(async () => {
    store.shut();
    await primary.shut();
    await secondary.shut();
  });

  /** Calls get-health, which queries both servers, as Lambda does: with the credentials of a role. */
  function ask(env: Record<string, string | undefined> = {}) {
    return callArtifact(folder, 'get-health', {
      event: eventOf(handler, {}),
      env: {
        PRIMARY_CONN_STR: undefined,
        SECONDARY_CONN_STR: undefined,
        CURSOR_SECRET: undefined,
        SECRETS_PARAMETER: '/manystore/prod',
        ...found,
        // Only Lambda's credentials may be used, not a profile of the user or the role of this machine.
        AWS_EC2_METADATA_DISABLED: 'true',
        AWS_PROFILE: undefined,
        HOME: folder,
        NODE_PATH: runtime,
        ...env,
      },
    });
  }

  describe('a function that signs in with its role', () => {
    it('can sign in to both servers, and has no password', async () => {
      for (const { uri } of [primary, secondary]) expect(uri).not.toMatch(/@/);
      expect(await ask()).toMatchObject({ status: 200 });
      expect([new Set(primary.attempts), new Set(secondary.attempts)]).toEqual([
        new Set([true]),
        new Set([true]),
      ]);
    });

    it('cannot sign in with the credentials of another role', async () => {
      primary.attempts.length = 0;
      // It has the connection strings, because it cannot read the parameter without the role's credentials.
      const answer = await ask({
        AWS_SECRET_ACCESS_KEY: 'another secret',
        SECRETS_PARAMETER: undefined,
        PRIMARY_CONN_STR: primary.uri,
        SECONDARY_CONN_STR: secondary.uri,
        CURSOR_SECRET,
      });
      expect(answer).toMatchObject({ status: 503 });
      expect(primary.attempts).toContain(false);
      expect(primary.attempts).not.toContain(true);
    });

    it('cannot read its connection strings with the credentials of another role', async () => {
      primary.attempts.length = 0;
      expect(await ask({ AWS_SECRET_ACCESS_KEY: 'another secret' })).toMatchObject({ status: 503 });
      expect(primary.attempts).toEqual([]);
    });

    it('needs the packages of the runtime', async () => {
      primary.attempts.length = 0;
      expect(await ask({ NODE_PATH: undefined })).toMatchObject({ status: 503 });
      expect(primary.attempts).toEqual([]);
    });

    it('uses TLS, like every other connection', () => {
      const options = 'authSource=%24external&authMechanism=MONGODB-AWS';
      expect(tlsOptions(`mongodb+srv://cluster.example/manystore?${options}`)).toEqual({
        tls: true,
      });
    });
  });
}
