/** The contract of `Ledger`, on both homes of the data. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Ledger, LedgerRow, Records } from '../../src/app/ports.js'
import { createLedger } from '../../src/store/ledger.js'
import { appendStatement } from '../../src/store/ledger-rows.js'
import { createRecords } from '../../src/store/records.js'
import { HOMES, type TestDatabase } from '../support/databases.js'
import { answerRow, startedSheet } from './fixtures.js'

describe.each(HOMES)('Ledger on $home', ({ open }) => {
  let database: TestDatabase
  let ledger: Ledger
  let records: Records
  beforeAll(async () => {
    database = await open()
    ledger = createLedger(database.pool)
    records = createRecords(database.pool)
  })
  afterAll(() => database.close())

  it('keeps every field of a row, and the newest revision counts', async () => {
    const sheet = await startedSheet(records)
    const evidence = [
      { kind: 'photo', ref: 'telegram:AgAC', mime: 'image/jpeg', size: 81, name: '垃圾桶.jpg' },
    ] as const
    const first = answerRow({ sheet, value: '12', raw: '十二项', note: '见附件', evidence })
    const second = answerRow({
      sheet,
      revision: 2,
      value: null,
      notApplicable: '无此类设施',
      at: new Date(first.at.getTime() + 1),
    })
    const other = answerRow({ sheet, question: 'G6-02', value: 'a' })
    expect(await ledger.append(first)).toBe('written')
    expect(await ledger.append(second)).toBe('written')
    expect(await ledger.append(other)).toBe('written')

    const { sheet: _, person, channel, input, at, ...answer } = second
    expect(await ledger.answer(sheet, 'G6-01')).toEqual(answer)
    expect(await ledger.answer(sheet, 'G6-99')).toBeUndefined()
    expect([...(await ledger.answers(sheet)).keys()].sort()).toEqual(['G6-01', 'G6-02'])
    expect((await ledger.answers(sheet)).get('G6-01')).toEqual(answer)
    expect((await ledger.history(sheet)).filter(({ question }) => question === 'G6-01')).toEqual([first, second])
    expect(await ledger.answers(randomUUID())).toEqual(new Map())
  })

  it('tells a repeated input and a repeated answer from a conflict', async () => {
    const sheet = await startedSheet(records)
    const row = answerRow({ sheet, value: 'a' })
    expect(await ledger.append(row)).toBe('written')
    expect(await ledger.append(row)).toBe('repeated')
    expect(await ledger.append({ ...row, input: 'other' })).toBe('agreed')
    expect(await ledger.append({ ...row, value: 'b' })).toBe('repeated')
    expect(await ledger.append({ ...row, value: 'b', input: 'other' })).toBe('conflict')
    expect((await ledger.answer(sheet, row.question))?.value).toBe('a')
  })

  it.each([1, 40])('has %i rows written by a plan that is made once, whatever the tables hold', async (count) => {
    const sheets = await Promise.all(Array.from({ length: count }, () => startedSheet(records)))
    const { text, values } = appendStatement(sheets.map((sheet) => answerRow({ sheet })))
    const arrays = (values as unknown[][]).map((column) => `'{${column.map((one) => JSON.stringify(one)).join(',')}}'`)
    const client = await database.pool.connect()
    try {
      await client.query('ANALYZE')
      await client.query(`PREPARE planned AS ${text}`)
      const costs: string[] = []
      for (const mode of ['force_generic_plan', 'force_custom_plan']) {
        await client.query(`SET plan_cache_mode = ${mode}`)
        const plan = await client.query<{ 'QUERY PLAN': string }>(`EXPLAIN EXECUTE planned (${arrays.join(', ')})`)
        costs.push(plan.rows[0]!['QUERY PLAN'])
      }
      expect(costs[0]).toMatch(/cost=/)
      expect(costs[1]).toBe(costs[0])
    } finally {
      await client.query('DEALLOCATE planned; RESET plan_cache_mode')
      client.release()
    }
  })

  it('resolves rows of the same key within one batch', async () => {
    const sheet = await startedSheet(records)
    const row = answerRow({ sheet, value: 'a' })
    const rows = [row, { ...row }, { ...row, input: 'second' }, { ...row, input: 'third', value: 'b' }]
    const became = await Promise.all(rows.map((one) => ledger.append(one)))
    expect(became).toEqual(['written', 'repeated', 'agreed', 'conflict'])
  })

  it('takes no answers for a sheet that is submitted, discarded or not there, but knows the old ones', async () => {
    const submitted = await startedSheet(records)
    const row = answerRow({ sheet: submitted })
    await ledger.append(row)
    await records.submitSheet(submitted, new Date())
    expect(await ledger.append(row)).toBe('repeated')
    expect(await ledger.append(answerRow({ sheet: submitted, revision: 2 }))).toBe('closed')
    expect(await ledger.append({ ...row, value: 'other', input: 'other' })).toBe('closed')
    expect(await ledger.append(answerRow({ sheet: randomUUID() }))).toBe('closed')
  })

  it('stores text that PostgreSQL refuses without what it refuses', async () => {
    const sheet = await startedSheet(records)
    const evidence = [{ kind: 'file', ref: 'web:1', name: 'a\0b\ud83d.txt' }] as const
    const row = answerRow({ sheet, raw: 'x\0y', note: 'half \ud83d of 😀', evidence })
    expect(await ledger.append(row)).toBe('written')
    expect(await ledger.append({ ...row, input: 'again' })).toBe('agreed')
    const stored = await ledger.answer(sheet, row.question)
    expect(stored).toMatchObject({ raw: 'xy', note: 'half \ufffd of 😀', evidence: [{ name: 'ab\ufffd.txt' }] })
  })

  it('lets one bad row fail alone', async () => {
    const sheet = await startedSheet(records)
    const good = Array.from({ length: 5 }, (_, index) => answerRow({ sheet, question: `P1-0${index}` }))
    const bad = answerRow({ sheet, question: 'P1-09', revision: 0 })
    const outcomes = await Promise.allSettled(
      [...good.slice(0, 2), bad, ...good.slice(2)].map((row) => ledger.append(row)),
    )
    expect(outcomes.map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'rejected',
      'fulfilled',
      'fulfilled',
      'fulfilled',
    ])
    expect(outcomes[2]).toMatchObject({ reason: { name: 'StoreFault', retry: false } })
    expect((await ledger.answers(sheet)).size).toBe(5)
    await expect(ledger.append(answerRow({ sheet, at: new Date(Number.NaN) }))).rejects.toMatchObject({ retry: false })
  })

  it('loses and doubles nothing under 12 writers with duplicates and conflicts', async () => {
    const sheets = await Promise.all(Array.from({ length: 4 }, () => startedSheet(records)))
    // A second ledger stands for a second process.
    const ledgers = [ledger, createLedger(database.pool)]
    const outcomes = new Map<string, { row: LedgerRow; became: string }[]>()
    const writer = async (who: number) => {
      for (let turn = 0; turn < 60; turn++) {
        const sheet = sheets[(who + turn) % sheets.length]!
        const row = answerRow({
          sheet,
          question: `Q${turn % 15}`,
          revision: 1 + (turn % 3),
          value: `v${who % 3}`,
          input: `${who}-${turn}`,
        })
        const became = await Promise.all([ledgers[who % 2]!.append(row), ledgers[turn % 2]!.append(row)])
        const key = `${row.sheet} ${row.question} ${row.revision}`
        outcomes.set(key, [...(outcomes.get(key) ?? []), ...became.map((one) => ({ row, became: one }))])
      }
    }
    await Promise.all(Array.from({ length: 12 }, (_, who) => writer(who)))

    const stored = (await Promise.all(sheets.map((sheet) => ledger.history(sheet)))).flat()
    expect(stored.length).toBe(outcomes.size)
    for (const row of stored) {
      const told = outcomes.get(`${row.sheet} ${row.question} ${row.revision}`)!
      expect(told.filter(({ became }) => became === 'written').map((one) => one.row)).toEqual([row])
      for (const one of told) {
        const same = one.row.value === row.value
        if (one.became !== 'written') expect(same ? ['repeated', 'agreed'] : ['conflict']).toContain(one.became)
      }
    }
  })

  it('lets no row slip in behind a submit', async () => {
    for (let round = 0; round < 20; round++) {
      const sheet = await startedSheet(records)
      let submitted = false
      const late: string[] = []
      const write = async (index: number) => {
        const after = submitted
        const became = await ledger.append(answerRow({ sheet, question: `Q${index}` }))
        if (after) late.push(became)
        return became
      }
      const submit = records.submitSheet(sheet, new Date()).then(async (done) => {
        submitted = true
        return { done, count: (await ledger.answers(sheet)).size }
      })
      const became: string[] = []
      for (let index = 0; index < 12; index += 4)
        became.push(...(await Promise.all([0, 1, 2, 3].map((step) => write(index + step)))))
      const { done, count } = await submit
      became.push(await write(99))
      expect(done).toBe(true)
      expect(late.every((one) => one === 'closed')).toBe(true)
      // What was there when the submit had returned is all that there ever will be.
      expect((await ledger.answers(sheet)).size).toBe(count)
      expect(became.filter((one) => one === 'written').length).toBe(count)
    }
  })
})
