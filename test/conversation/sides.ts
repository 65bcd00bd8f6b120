/** A community at work: a head and two workers with answers, a note, a clash, and something handed over and sent back. */
import type { TestDesk, Visitor } from '../support/desk.js'
import type { Loot } from './forger.js'

export type Side = {
  readonly letter: string
  readonly community: string
  readonly head: Visitor
  readonly worker: Visitor
  readonly colleague: Visitor
  /** Opens a question of the shared sheet that has an answer and a note. */
  readonly answered: string
  /** Whose a sheet is; null: everybody's. */
  readonly owners: ReadonlyMap<string, string | null>
  readonly loot: Loot
}
/** People of a community at work, and all buttons that they and the admin come across. */
export async function settle(
  office: TestDesk,
  admin: Visitor,
  community: string,
  letter: string,
  rounds: readonly string[],
  shared: string,
  single: string,
): Promise<Side> {
  const head = await office.member('head', community, { name: `${letter}书记` })
  const worker = await office.member('worker', community, { name: `${letter}芳` })
  const colleague = await office.member('worker', community, { name: `${letter}强` })
  const seen = new Set<string>()
  const note = (visitor: Visitor) => {
    for (const { data } of visitor.card().rows.flat()) seen.add(data)
  }
  const answer = async (visitor: Visitor, times: number, option: number) => {
    for (let i = 0; i < times; i += 1) {
      note(visitor)
      const [first] = visitor.card().rows[0]!
      const options = visitor
        .card()
        .rows.flat()
        .filter(({ data }) => data.startsWith(first!.data.split(':').slice(0, 3).join(':')))
      await visitor.pressData(options[Math.min(option, options.length - 1)]!.data)
    }
  }
  await worker.pressData(`D:enter:${shared}`)
  await worker.press('继续答我的')
  const clashing = worker.card().rows.flat()
  await colleague.pressData(`D:enter:${shared}`)
  await colleague.press('继续答我的')
  await answer(worker, 12, 1)
  await colleague.pressData(clashing[0]!.data) // meant something else: a clash
  await worker.press('备注')
  await worker.type(`${letter}备注`)
  await worker.press('转交')
  note(worker)
  await worker.press(`${letter}强`)
  await worker.type(`${letter}原因`)
  await colleague.pressData(`D:enter:${single}`)
  await answer(colleague, 9, 1)
  const [, sheet, sent] = clashing[0]!.data.split(':')
  await head.pressData(`P:send_back:${shared}:${sent}`)
  await head.type(`${letter}退回`)
  await head.command('summary')
  for (const visitor of [head, worker, colleague, admin]) await wander(visitor, seen)
  const sheets = await office.pool.query<{ id: string; person_id: string | null }>(
    'SELECT id, person_id FROM sheet WHERE assessment_id = ANY ($1)',
    [[shared, single]],
  )
  const things = await office.pool.query<{ id: string }>(
    `SELECT id FROM membership WHERE community_id = $1 UNION ALL SELECT id FROM invitation WHERE community_id = $1
      UNION ALL SELECT id FROM membership WHERE community_id IS NULL`,
    [community],
  )
  return {
    letter,
    community,
    head,
    worker,
    colleague,
    owners: new Map(sheets.rows.map((one) => [one.id, one.person_id])),
    answered: `q:${sheet}:${sent}`,
    loot: {
      buttons: [...seen],
      sheets: sheets.rows.map(({ id }) => id),
      questions: office.desk.books.current.questionnaire.questions.map(({ id }) => id),
      ids: [community, shared, single, ...rounds, ...things.rows.map(({ id }) => id)],
    },
  }
}

/** Opens page after page that the cards offer, and what of a sheet only shows. */
async function wander(visitor: Visitor, seen: Set<string>, steps = 60): Promise<void> {
  const opened = new Set<string>()
  await visitor.pressData('P:home')
  for (let i = 0; i < steps; i += 1) {
    const here = visitor
      .card()
      .rows.flat()
      .map(({ data }) => data)
    for (const data of here) seen.add(data)
    const next = [...here, ...seen].find((data) => /^(?:P|q|c|i|h|m|r|D:enter):/.test(data) && !opened.has(data))
    if (next === undefined) return
    opened.add(next)
    await visitor.pressData(next)
  }
}
