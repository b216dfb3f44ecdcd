import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { openServices, type OpenServices } from '../../../src/services.js';
import { describeWithPostgres, type PostgresServer, startPostgres } from '../../support/postgres-server.js';
import { STARTED } from '../../support/sample-records.js';
import { selfSigned } from '../../support/self-signed.js';
import { TEST_MASTER_KEY, TEST_PASSWORD_COST } from '../../support/test-secrets.js';

describeWithPostgres('TLS to PostgreSQL', () => {
  const folder = mkdtempSync(join(tmpdir(), 'qaqpa-tls-'));
  let proved: PostgresServer;
  let otherName: PostgresServer;
  let plain: PostgresServer;
  beforeAll(async () => {
    [proved, otherName, plain] = await Promise.all([
      startPostgres(selfSigned(folder, 'here', 'IP:127.0.0.1')),
      startPostgres(selfSigned(folder, 'elsewhere', 'DNS:database.example.kz')),
      startPostgres(),
    ]);
    selfSigned(folder, 'stranger', 'IP:127.0.0.1');
  });
  afterAll(async () => {
    await Promise.all([proved.stop(), otherName.stop(), plain.stop()]);
    rmSync(folder, { recursive: true });
  });

  async function open(server: PostgresServer, words: string): Promise<OpenServices> {
    return openServices({
      databaseUrl: `${await server.newDatabase()}?${words}`,
      redisUrl: null,
      masterKey: TEST_MASTER_KEY,
      passwordCost: TEST_PASSWORD_COST,
    });
  }
  const trusting = (name: string): string => `sslrootcert=${encodeURIComponent(join(folder, `${name}.crt`))}`;

  it('carries everything when the server proves the name that was asked for', async () => {
    const storage = await open(proved, `sslmode=verify-full&${trusting('here')}`);
    await storage.audit.append(STARTED);
    const sessions = await proved.query(
      await proved.newDatabase(),
      `select ssl, version from pg_stat_ssl join pg_stat_activity using (pid)
        where datname <> current_database()`,
    );
    expect(sessions).not.toEqual([]);
    expect(sessions.every(({ ssl, version }) => ssl === true && version === 'TLSv1.3')).toBe(true);
    await storage.close();
  });

  it('is the rule as soon as an authority is named, also on this machine', async () => {
    await expect(open(plain, trusting('here'))).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
  });

  it.each([
    [
      'with a certificate nobody trusts',
      'proved',
      trusting('stranger'),
      { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' },
    ],
    ['nothing is known of', 'proved', '', { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }],
    [
      'with somebody else’s name',
      'otherName',
      trusting('elsewhere'),
      { code: 'ERR_TLS_CERT_ALTNAME_INVALID' },
    ],
    ['without TLS', 'plain', trusting('here'), { message: 'The server does not support SSL connections' }],
  ] as const)('has nothing to say to a server %s', async (_, server, trust, cause) => {
    const opening = open({ proved, otherName, plain }[server], `sslmode=verify-full&${trust}`);
    await expect(opening).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE', cause });
  });
});
