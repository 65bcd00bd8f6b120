/** Coming to one's sheet of a round: the community's shared one, or one's own, which is made on the first visit. */
import { phaseOf } from '../../core/round.js'
import type { Session } from '../../core/session.js'
import type { Desk } from '../desk.js'
import { enterSheet } from '../enter.js'
import type { Assessment } from '../rounds.js'
import type { Outcome } from './visit.js'

/** Undefined where the person may not answer there, or the round has no sheet for them (any more). */
export async function beginIn(desk: Desk, session: Session, assessment: Assessment): Promise<Outcome | undefined> {
  const { id, round } = assessment
  const sheet = round.mode === 'shared' ? desk.work.sharedSheetOf(id) : await ownSheet(desk, session.person, assessment)
  const entered = sheet === undefined ? undefined : await enterSheet(desk, session, sheet)
  if (entered?.kind !== 'in') return undefined
  const { sheet: place } = entered.session
  const untouched = place!.marks.every(({ revision }) => revision === 0)
  const view = place!.mine
    ? ({ at: 'mine' } as const)
    : place!.status === 'submitted'
      ? ({ at: 'result', page: 'total' } as const)
      : untouched
        ? ({ at: 'question' } as const)
        : ({ at: 'resume' } as const)
  return { to: { ...entered.session, view } }
}

async function ownSheet(desk: Desk, person: string, { id, round, status }: Assessment): Promise<string | undefined> {
  const there = await desk.work.individualSheet(id, person)
  if (there) return there.id
  if (status !== 'open' || phaseOf(round, desk.now()) !== 'open') return undefined
  // From the person and how often they have left, not from the input or the time: however often they come at once, it is one sheet.
  let sheet = desk.sheetIdFor(person, id)
  for (let left = 1; (await desk.records.sheet(sheet))?.status === 'discarded'; left += 1)
    sheet = desk.sheetIdFor(person, `${id} ${left}`)
  await desk.records.startSheet(
    { id: sheet, person, assessment: id, rubric: round.rubric, at: new Date(desk.now()) },
    null,
  )
  return sheet
}
