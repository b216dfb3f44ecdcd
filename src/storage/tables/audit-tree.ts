/** The tree of the log in the database: its newest state and its tiles. */
import { type Kysely, sql } from 'kysely';
import { HASH_LENGTH } from '../../audit/merkle.js';
import { TILE_WIDTH, type Tile, type TileAt } from '../../audit/tile.js';
import { prepared } from './prepared.js';
import { type Schema } from './schema.js';

const tile = prepared((database, { level, index }: { level: number; index: number }) =>
  database
    .selectFrom('audit_tiles')
    .select('hashes')
    .where('level', '=', level)
    .where('tile_index', '=', index),
);

/** The newest state of the log. */
export function treeRow(database: Kysely<Schema>): Promise<Schema['audit_tree'] | undefined> {
  return database.selectFrom('audit_tree').selectAll().where('id', '=', 1).executeTakeFirst();
}

/** Reads tiles. */
export function tilesOf(database: Kysely<Schema>): TileAt {
  return async (level, index) => {
    const [row] = (await tile(database, { level, index })).rows;
    return row === undefined ? null : Buffer.from(row.hashes);
  };
}

/** Writes tiles that were filled, or filled further. */
export async function writeTiles(database: Kysely<Schema>, tiles: readonly Tile[]): Promise<void> {
  for (const { level, index, hashes } of tiles) {
    const width = hashes.length / HASH_LENGTH;
    await database
      .insertInto('audit_tiles')
      .values({ level, tile_index: index, width, hashes })
      .onConflict((conflict) => conflict.columns(['level', 'tile_index']).doUpdateSet({ width, hashes }))
      .execute();
  }
}

/** Levels of tiles of a tree with 2^53 leaves. */
const LEVELS = 7;

/** Whether there is a hash in a tile, or a sealed record, beyond the end of the tree: each looked for in one statement, beside a sealer. */
export async function beyondEnd(database: Kysely<Schema>): Promise<'tile' | 'record' | null> {
  for (let level = 0; level < LEVELS; level += 1) {
    const leaves = sql.lit(TILE_WIDTH ** level);
    const { rows } = await sql`select 1 from audit_tree join audit_tiles
      on level = ${sql.lit(level)} and tile_index >= size / ${leaves} / ${sql.lit(TILE_WIDTH)}
      where tile_index * ${sql.lit(TILE_WIDTH)} + width > size / ${leaves} limit 1`.execute(database);
    if (rows.length > 0) return 'tile';
  }
  const { rows } =
    await sql`select 1 from audit_tree join audit_records on leaf_index >= size limit 1`.execute(database);
  return rows.length > 0 ? 'record' : null;
}
