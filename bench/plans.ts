/** Hears the statements that the program sends, and asks PostgreSQL how it carries them out. */
import type pg from 'pg'

/** Lists of ids would fill pages. */
const LONGEST_LINE = 220

type Heard = { readonly text: string; readonly values: unknown[] }

export type Listener = {
  /** EXPLAIN (ANALYZE, BUFFERS) of the last statement of each name, with the values that it was sent with. */
  plans(names: readonly string[]): Promise<string>
}

/** Listens to a pool from now on. */
export function listenTo(pool: pg.Pool): Listener {
  const heard = new Map<string, Heard>()
  const query = pool.query.bind(pool) as (...args: unknown[]) => unknown
  pool.query = ((...args: unknown[]) => {
    const [first] = args as [{ name?: string; text?: string; values?: unknown[] }]
    if (first?.name && first.text) heard.set(first.name, { text: first.text, values: first.values ?? [] })
    return query(...args)
  }) as typeof pool.query
  return {
    async plans(names) {
      const parts: string[] = []
      for (const name of names) {
        const one = heard.get(name)
        if (!one) throw new Error(`Expected a statement \`${name}\`, heard ${[...heard.keys()].join(', ')}`)
        const text = `EXPLAIN (ANALYZE, BUFFERS) ${one.text}`
        const { rows } = await pool.query<Record<string, string>>({ text, values: one.values })
        parts.push(`-- ${name}`, ...rows.map((row) => Object.values(row)[0]!.slice(0, LONGEST_LINE)), '')
      }
      return parts.join('\n')
    },
  }
}
