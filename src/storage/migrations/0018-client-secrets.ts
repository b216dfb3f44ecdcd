import { type Migration } from './migration.js';

/** Secrets of API clients have a table of their own and an end. One from before is good for a year from now. */
export const CLIENT_SECRETS: Migration = {
  version: 18,
  name: 'client-secrets',
  statements: [
    `create table api_client_secrets (
      id text primary key,
      client_id text not null references api_clients (id),
      hash text not null,
      created_at bigint not null,
      expires_at bigint not null,
      last_used_at bigint,
      revoked_at bigint
    )`,
    `create index api_client_secrets_by_client on api_client_secrets (client_id)`,
    {
      // The first secret of a client takes its identifier.
      sqlite: [
        `insert into api_client_secrets (id, client_id, hash, created_at, expires_at, last_used_at, revoked_at)
          select id, id, secret_hash, created_at, (cast(strftime('%s', 'now') as integer) + 31536000) * 1000, null, revoked_at
          from api_clients`,
      ],
      postgres: [
        `insert into api_client_secrets (id, client_id, hash, created_at, expires_at, last_used_at, revoked_at)
          select id, id, secret_hash, created_at, (extract(epoch from now())::bigint + 31536000) * 1000, null, revoked_at
          from api_clients`,
      ],
    },
    `alter table api_clients drop column secret_hash`,
  ],
};
