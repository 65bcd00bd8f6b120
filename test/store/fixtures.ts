/** Rows and sheets for the suites of this folder. */
import { randomUUID } from 'node:crypto'
import type { LedgerRow, Records } from '../../src/app/ports.js'

/** A person with an open sheet; returns the sheet's id. */
export async function startedSheet(records: Records, person = randomUUID()): Promise<string> {
  await records.enrol(`test:${person}`, { id: person, language: 'zh-CN' })
  const id = randomUUID()
  await records.startSheet({ id, person, assessment: null, rubric: 'r1', at: new Date('2026-11-22T10:00:00Z') }, null)
  return id
}

export function answerRow(row: Partial<LedgerRow> & { sheet: string }): LedgerRow {
  return {
    question: 'G6-01',
    revision: 1,
    value: 'a',
    notApplicable: null,
    note: null,
    evidence: [],
    raw: null,
    person: 'p1',
    channel: 'telegram',
    input: randomUUID(),
    at: new Date('2026-11-22T12:00:00.123Z'),
    ...row,
  }
}
