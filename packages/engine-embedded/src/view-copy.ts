import type { DatabaseSync } from 'node:sqlite'

/** Keeps a copy of all views and their checkpoints, replacing an earlier one. */
export function keepViews(database: DatabaseSync): void {
  dropCopy(database)
  database.exec(`
    CREATE TEMP TABLE kept_row AS SELECT * FROM view_row;
    CREATE TEMP TABLE kept_checkpoint AS SELECT * FROM view_checkpoint;
  `)
}

/** Puts the copy back and uses it up; without one everything is emptied. */
export function rollBackViews(database: DatabaseSync): void {
  database.exec('DELETE FROM view_row; DELETE FROM view_checkpoint')
  const copy = database.prepare(`SELECT 1 FROM sqlite_temp_master WHERE name = 'kept_row'`).get()
  if (copy === undefined) return
  database.exec(`
    INSERT INTO view_row SELECT * FROM kept_row;
    INSERT INTO view_checkpoint SELECT * FROM kept_checkpoint;
  `)
  dropCopy(database)
}

const dropCopy = (database: DatabaseSync): void =>
  database.exec('DROP TABLE IF EXISTS temp.kept_row; DROP TABLE IF EXISTS temp.kept_checkpoint')
