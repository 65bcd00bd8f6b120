/**
 * Settings, and the rubrics that sheets were asked by. Every start needs them before it listens, so they are plain SQL: before
 * Prisma's first query of a process its query compiler is loaded, which takes a quarter of a second.
 */
import type pg from 'pg'
import { type Records, StoreFault } from '../app/ports.js'
import { guarded } from './fault.js'
import { storableJson } from './storable.js'

type Settings = Pick<Records, 'keepRubric' | 'rubric' | 'setting' | 'setSetting'>

export function createSettings(pool: pg.Pool): Settings {
  async function read(key: string): Promise<string | undefined> {
    const { rows } = await pool.query<{ value: string }>('SELECT value FROM setting WHERE key = $1', [key])
    return rows[0]?.value
  }

  return {
    keepRubric: (hash, content) =>
      guarded('A rubric could not be kept', async () => {
        const insert = 'INSERT INTO rubric_version (hash, content) VALUES ($1, $2::jsonb) ON CONFLICT DO NOTHING'
        await pool.query(insert, [hash, storableJson(content)])
      }),

    rubric: (hash) =>
      guarded('A rubric could not be read', async () => {
        const select = 'SELECT content FROM rubric_version WHERE hash = $1'
        return (await pool.query<{ content: unknown }>(select, [hash])).rows[0]?.content
      }),

    setting: (key, make) =>
      guarded('A setting could not be read', async () => {
        const there = await read(key)
        if (there !== undefined) return there
        const made = make()
        const insert = 'INSERT INTO setting (key, value) VALUES ($1, $2) ON CONFLICT DO NOTHING'
        const { rowCount } = await pool.query(insert, [key, made])
        // Another process may have been first.
        const value = rowCount === 1 ? made : await read(key)
        if (value === undefined) throw new StoreFault(`The setting ${key} was removed meanwhile`, true, undefined)
        return value
      }),

    setSetting: (key, value) =>
      guarded('A setting could not be kept', async () => {
        const upsert =
          'INSERT INTO setting (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value'
        await pool.query(upsert, [key, value])
      }),
  }
}
