/** Rows taken at once: bounds memory, whatever the size of a table. */
const CHUNK = 5_000;

const tablesOf = async (client) => {
  const { rows } = await client.query(
    `SELECT c.oid::regclass::text AS name FROM pg_class c
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relname <> 'migrations' ORDER BY 1`,
  );
  return rows.map(({ name }) => name);
};

/**
 * Copies every table of `source` as of one moment into the migrated, otherwise empty database `target`. A row travels as the text of its
 * whole self, which loses nothing of any type. Resolves to how many rows each table has.
 */
export async function copyDatabase(source, target) {
  await source.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  try {
    const copied = new Map();
    for (const table of await tablesOf(source)) copied.set(table, await copyTable(source, target, table));
    return copied;
  } finally {
    await source.query('ROLLBACK');
  }
}

async function copyTable(source, target, table) {
  await target.query(`TRUNCATE ${table}`);
  await source.query(`DECLARE rows NO SCROLL CURSOR FOR SELECT t::text AS row FROM ${table} t`);
  let copied = 0;
  for (;;) {
    const { rows } = await source.query(`FETCH ${CHUNK} FROM rows`);
    if (rows.length === 0) break;
    await target.query(
      `INSERT INTO ${table} OVERRIDING SYSTEM VALUE SELECT (row::${table}).* FROM unnest($1::text[]) AS row`,
      [rows.map(({ row }) => row)],
    );
    copied += rows.length;
  }
  await source.query('CLOSE rows');
  return copied;
}

/** Identity columns go on where the copied rows end. */
export async function continueIdentities(client) {
  const { rows } = await client.query(
    `SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public' AND is_identity = 'YES'`,
  );
  for (const { table_name: table, column_name: column } of rows)
    await client.query(
      `SELECT setval(pg_get_serial_sequence($1, $2), coalesce((SELECT max(${column}) FROM ${table}), 0) + 1, false)`,
      [table, column],
    );
}
