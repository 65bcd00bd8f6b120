/** The contract of `Records`, on both homes of the data. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Ledger, Records } from '../../src/app/ports.js'
import { createLedger } from '../../src/store/ledger.js'
import { createRecords } from '../../src/store/records.js'
import { HOMES, type TestDatabase } from '../support/databases.js'
import { answerRow, startedSheet } from './fixtures.js'
import { racing, untilItWaits } from './races.js'

describe.each(HOMES)('Records on $home', ({ home, open }) => {
  let database: TestDatabase
  let records: Records
  let ledger: Ledger
  beforeAll(async () => {
    database = await open()
    records = createRecords(database.pool)
    ledger = createLedger(database.pool)
  })
  afterAll(() => database.close())

  const count = async (sql: string, ...values: unknown[]): Promise<number> =>
    (await database.pool.query(`SELECT count(*)::int AS count FROM ${sql}`, values)).rows[0].count
  const at = (minute: number) => new Date(Date.UTC(2026, 10, 22, 12, minute))
  const enrolled = async () => {
    const id = randomUUID()
    return records.enrol(`telegram:${id}`, { id, language: 'zh-CN' })
  }

  it('enrols the person behind an address once, also when asked at once', async () => {
    const address = `telegram:${randomUUID()}`
    expect(await records.person(address)).toBeUndefined()
    const as = () => ({ id: randomUUID(), language: 'zh-CN' })
    const people = await Promise.all(Array.from({ length: 8 }, () => records.enrol(address, as())))
    expect(new Set(people.map(({ id }) => id)).size).toBe(1)
    expect(people[0]).toMatchObject({ language: 'zh-CN' })
    expect(await records.person(address)).toEqual(people[0])
    // The losers left nobody behind.
    expect(await count('person WHERE NOT EXISTS (SELECT FROM address WHERE person_id = person.id)')).toBe(0)
    await records.setLanguage(people[0]!.id, 'en')
    expect((await records.person(address))?.language).toBe('en')
  })

  it('remembers whether an address can be reached', async () => {
    const { id } = await enrolled()
    await records.setReachable(`telegram:${id}`, false)
    expect((await records.exportPerson(id)).addresses).toMatchObject([{ address: `telegram:${id}`, reachable: false }])
    await records.setReachable(`telegram:${id}`, true)
    expect((await records.exportPerson(id)).addresses).toMatchObject([{ reachable: true }])
  })

  it('starts a sheet once and discards another with it', async () => {
    const { id: person } = await enrolled()
    expect(await records.currentSheet(person)).toBeUndefined()
    const sheet = (id: string, minute: number) => ({ id, person, assessment: null, rubric: 'r1', at: at(minute) })
    const [first, second] = [randomUUID(), randomUUID()]
    await records.startSheet(sheet(first, 0), null)
    await Promise.all([1, 2, 3].map(() => records.startSheet(sheet(second, 1), first)))
    expect(await records.currentSheet(person)).toEqual({
      id: second,
      person,
      assessment: null,
      rubric: 'r1',
      status: 'open',
      startedAt: at(1),
      submittedAt: null,
    })
    expect((await records.sheet(first))?.status).toBe('discarded')
    // The same id again changes nothing, not even the sheet that it names.
    expect(await records.startSheet(sheet(second, 3), second)).toEqual({ id: second, begun: false })
    expect((await records.sheet(second))?.status).toBe('open')
    expect(await records.sheet(randomUUID())).toBeUndefined()
  })

  it('lets nobody begin a second practice sheet, however many try at once', async () => {
    const { id: person } = await enrolled()
    const sheets = Array.from({ length: 5 }, () => ({
      id: randomUUID(),
      person,
      assessment: null,
      rubric: 'r1',
      at: at(0),
    }))
    const stand = await Promise.all(sheets.map((sheet) => records.startSheet(sheet, null)))
    expect(new Set(stand.map(({ id }) => id)).size).toBe(1)
    expect(stand.filter(({ begun }) => begun)).toHaveLength(1)
    const there = await Promise.all(sheets.map(({ id }) => records.sheet(id)))
    expect(there.filter(Boolean).map((one) => one!.id)).toEqual([stand[0]!.id])
    // One that is submitted is no obstacle, and a restart makes way for its own.
    await records.submitSheet(stand[0]!.id, at(1))
    const [next, restarted] = [randomUUID(), randomUUID()]
    expect(await records.startSheet({ ...sheets[0]!, id: next }, null)).toEqual({ id: next, begun: true })
    expect(await records.startSheet({ ...sheets[0]!, id: restarted }, next)).toEqual({ id: restarted, begun: true })
    expect((await records.sheet(next))?.status).toBe('discarded')
  })

  it('submits only an open sheet, and says so again', async () => {
    const sheet = await startedSheet(records)
    const before = await records.sheet(sheet)
    expect(await records.submitSheet(sheet, at(5))).toBe(true)
    expect(await records.submitSheet(sheet, at(6))).toBe(true)
    expect(await records.sheet(sheet)).toEqual({ ...before, status: 'submitted', submittedAt: at(5) })
    expect(await records.submitSheet(randomUUID(), at(5))).toBe(false)

    const person = before!.person!
    const next = randomUUID()
    await records.startSheet({ id: next, person, assessment: null, rubric: 'r1', at: at(7) }, sheet)
    // A submitted sheet is never discarded.
    expect((await records.sheet(sheet))?.status).toBe('submitted')
    expect((await records.currentSheet(person))?.id).toBe(next)
    const last = randomUUID()
    await records.startSheet({ id: last, person, assessment: null, rubric: 'r1', at: at(8) }, next)
    expect(await records.submitSheet(next, at(9))).toBe(false)
    await records.submitSheet(last, at(9))
    expect((await records.currentSheet(person))?.id).toBe(last)
  })

  it('exports everything about a person', async () => {
    const sheet = await startedSheet(records)
    const person = (await records.sheet(sheet))!.person!
    const rows = [answerRow({ sheet, person, raw: '一' }), answerRow({ sheet, person, revision: 2, at: at(1) })]
    for (const row of rows) await ledger.append(row)
    const data = await records.exportPerson(person)
    expect(data.person).toMatchObject({ id: person, language: 'zh-CN', name: null })
    expect(data.person.createdAt.getTime()).toBeGreaterThan(Date.now() - 60_000)
    expect(data.sheets).toEqual([{ ...(await records.sheet(sheet)), answers: rows }])
    await expect(records.exportPerson(randomUUID())).rejects.toMatchObject({ name: 'StoreFault', retry: false })
  })

  it('erases a person and keeps the scores of what was submitted', async () => {
    const [submitted, other] = [await startedSheet(records), await startedSheet(records)]
    const person = (await records.sheet(submitted))!.person!
    const heir = (await records.sheet(other))!.person!
    const mine = (await records.keepFile({ bytes: Buffer.from(person), mime: 'image/png', person, at: at(0) }))!
    const shared = (await records.keepFile({ bytes: Buffer.from('both'), mime: 'image/png', person, at: at(0) }))!
    const evidence = [mine, shared].map((ref) => ({ kind: 'photo', ref }) as const)
    await ledger.append(answerRow({ sheet: submitted, person, note: 'n', raw: 'w', evidence }))
    await ledger.append(answerRow({ sheet: submitted, person, question: 'Q2', value: null, notApplicable: '无' }))
    await ledger.append(answerRow({ sheet: other, person: heir, note: 'theirs', evidence: evidence.slice(1) }))
    await records.submitSheet(submitted, at(1))
    const open = randomUUID()
    await records.startSheet({ id: open, person, assessment: null, rubric: 'r1', at: at(2) }, null)
    await ledger.append(answerRow({ sheet: open, person }))
    await database.pool.query(`INSERT INTO session VALUES ($1, 's', '[]', now())`, [`test:${person}`])

    await Promise.all([records.erase(person), records.erase(person)])
    await records.erase(person)

    expect(await records.person(`test:${person}`)).toBeUndefined()
    expect(await records.currentSheet(person)).toBeUndefined()
    expect(await records.sheet(open)).toBeUndefined()
    expect(await records.sheet(submitted)).toMatchObject({ person: null, status: 'submitted' })
    const kept = await ledger.history(submitted)
    expect(kept).toMatchObject([
      { value: 'a', person: '', note: null, raw: null, evidence: [], input: '' },
      { value: null, notApplicable: '无', person: '' },
    ])
    expect(await ledger.history(open)).toEqual([])
    expect(await count('session WHERE address = $1', `test:${person}`)).toBe(0)
    expect(await count(`stored_file WHERE 'file:' || sha256 = $1`, mine)).toBe(0)
    expect(await count(`stored_file WHERE 'file:' || sha256 = $1 AND person_id = $2`, shared, heir)).toBe(1)
    expect(await ledger.history(other)).toMatchObject([{ note: 'theirs', person: heir }])
  })

  it('erases while the person goes on answering', async () => {
    const sheet = await startedSheet(records)
    const person = (await records.sheet(sheet))!.person!
    const writing = Array.from({ length: 40 }, (_, index) =>
      ledger.append(answerRow({ sheet, person, question: `Q${index}` })),
    )
    await records.erase(person)
    await Promise.all(writing)
    expect(await count('answer WHERE person_id = $1', person)).toBe(0)
    expect(await ledger.append(answerRow({ sheet, person }))).toBe('closed')
  })

  it('keeps rubrics, settings and files once', async () => {
    const content = { id: 'r', words: ['一\0', '二'] }
    await Promise.all([1, 2].map(() => records.keepRubric('hash', content)))
    expect(await records.rubric('hash')).toEqual({ id: 'r', words: ['一', '二'] })
    expect(await records.rubric('none')).toBeUndefined()

    let made = 0
    const values = await Promise.all([1, 2, 3].map(() => records.setting('secret', () => `v${++made}`)))
    expect(new Set(values).size).toBe(1)
    expect(await records.setting('secret', () => 'new')).toBe(values[0])
    expect(await records.setting('name', () => '')).toBe('')
    expect(await records.setting('name', () => 'new')).toBe('')
    for (const name of ['a', 'b']) await records.setSetting('name', name)
    expect(await records.setting('name', () => 'new')).toBe('b')

    const person = randomUUID()
    await records.enrol(`test:${person}`, { id: person, language: 'en' })
    const file = { bytes: new Uint8Array([0, 255, 10]), mime: 'image/png', person, at: at(0) }
    expect(await records.keepFile({ ...file, person: 'nobody' })).toBeUndefined()
    const [ref] = await Promise.all([records.keepFile(file), records.keepFile(file)])
    expect(ref).toMatch(/^file:[0-9a-f]{64}$/)
    const stored = (await database.pool.query('SELECT bytes FROM stored_file WHERE sha256 = $1', [ref!.slice(5)])).rows
    expect([...stored[0].bytes]).toEqual([0, 255, 10])
  })

  racing(home)('erases also what a person sends meanwhile, and nothing that is evidence of others', async () => {
    const [sheet, mine] = [await startedSheet(records), await startedSheet(records)]
    const [heir, person] = [(await records.sheet(sheet))!.person!, (await records.sheet(mine))!.person!]
    const ref = (await records.keepFile({ bytes: Buffer.from(heir), mime: 'image/png', person: heir, at: at(0) }))!
    await ledger.append(answerRow({ sheet, person: heir, evidence: [{ kind: 'photo', ref }] }))
    const page = await database.pool.connect()
    await page.query('BEGIN')
    await page.query('SELECT FROM person WHERE id = $1 FOR KEY SHARE', [person])
    const erasing = records.erase(person)
    await untilItWaits(database.pool, erasing)
    await page.query('UPDATE stored_file SET person_id = $2 WHERE sha256 = $1', [ref.slice(5), person])
    await page.query(
      `INSERT INTO stored_file SELECT $1, mime, bytes, person_id, created_at FROM stored_file WHERE sha256 = $2`,
      [`${'0'.repeat(28)}${person}`, ref.slice(5)],
    )
    await page.query('COMMIT')
    page.release()
    await erasing
    const files = `SELECT person_id FROM stored_file WHERE person_id = $1 OR sha256 = $2`
    expect((await database.pool.query(files, [person, ref.slice(5)])).rows).toEqual([{ person_id: heir }])
  })

  it('reads an upload, for who sent it and for those who got it with a notice', async () => {
    const [writer, reader, stranger] = [randomUUID(), randomUUID(), randomUUID()]
    for (const id of [writer, reader, stranger]) await records.enrol(`test:${id}`, { id, language: 'en' })
    const bytes = Buffer.from(`photo ${writer}`)
    const ref = (await records.keepFile({ bytes, mime: 'image/png', person: writer, at: at(0) }))!
    const found = await records.file(ref)
    expect([Buffer.from(found!.bytes), found!.mime]).toEqual([bytes, 'image/png'])
    for (const other of ['', ref.slice(5), `file:${'0'.repeat(64)}`, `telegram:${ref.slice(5)}`, `${ref}'`]) {
      expect(await records.file(other)).toBeUndefined()
      expect(await records.mayRead(writer, other)).toBe(false)
    }
    const readers = () => Promise.all([writer, reader, stranger].map((one) => records.mayRead(one, ref)))
    expect(await readers()).toEqual([true, false, false])
    const notice = randomUUID()
    await database.pool.query(
      `INSERT INTO notice (id, created_by, versions, media, audience, time_zone, created_at)
       VALUES ($1, $2, '{}', $3, '{}', 'Asia/Chongqing', now())`,
      [notice, writer, JSON.stringify({ kind: 'photo', ref })],
    )
    await database.pool.query('INSERT INTO notice_recipient (notice_id, person_id) VALUES ($1, $2)', [notice, reader])
    // It is for them, and may come in a while; what may be before their eyes by now they may see.
    expect(await readers()).toEqual([true, false, false])
    const delivery = randomUUID()
    await database.pool.query(
      `INSERT INTO delivery (id, key, person_id, content, due_at, created_at, notice_id) VALUES ($1, $1, $2, '{}', now(), now(), $3)`,
      [delivery, reader, notice],
    )
    const readableOnce = async (set: string, id = delivery, table = 'delivery') => {
      await database.pool.query(`UPDATE ${table} SET ${set} WHERE id = $1`, [id])
      return (await readers())[1]
    }
    expect(await readableOnce('attempts = 0')).toBe(false)
    expect(await readableOnce('attempts = 1')).toBe(true)
    expect(await readableOnce("status = 'skipped'")).toBe(false)
    expect(await readableOnce("status = 'sent'")).toBe(true)
    expect(await readableOnce('withdrawn_at = now()', notice, 'notice')).toBe(false)
  })
})
