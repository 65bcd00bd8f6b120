/** Before a deadline: a word to everybody who still has open indicators, at a decent hour, once for each step. */
import { may } from '../core/access.js'
import { decentInstant } from '../core/zoned-time.js'
import type { Desk } from './desk.js'
import type { Assessment } from './rounds.js'
import { tell } from './tell.js'
import { openOf } from './telling-card.js'

const HOUR_MS = 60 * 60 * 1000
/** Hours before the deadline, farthest first. A step that a short round never had is not made up for. */
export const STEPS_HOURS = [72, 24, 4] as const

/** Puts the reminders that are due in line; safe to run at any time, twice, and by any number of processes. */
export async function remind(desk: Desk): Promise<number> {
  const now = desk.now()
  const rounds = await desk.rounds.endingBetween(new Date(now), new Date(now + STEPS_HOURS[0] * HOUR_MS))
  let count = 0
  for (const round of rounds) {
    const left = round.deadline.getTime() - now
    // Only the nearest step: who comes late is not reminded of the earlier ones as well.
    const hours = STEPS_HOURS.findLast((step) => left <= step * HOUR_MS)
    if (hours === undefined || round.opensAt.getTime() > round.deadline.getTime() - hours * HOUR_MS) continue
    if (round.opensAt.getTime() > now) continue
    for (const assessment of await desk.rounds.assessmentsIn(round.id))
      if (assessment.status === 'open') count += await remindIn(desk, assessment, hours)
  }
  return count
}

async function remindIn(desk: Desk, assessment: Assessment, hours: number): Promise<number> {
  const { round, community } = assessment
  const book = await desk.books.of(round.rubric)
  if (!book) return 0
  const dueAt = decentInstant(desk.now(), community.timeZone)
  // A reminder that could only come when all is over helps nobody.
  if (dueAt >= round.deadline.getTime()) return 0
  const members = await desk.members.membersOf(community.id)
  const people = new Set(members.filter((one) => may([one], 'answer', community.id)).map(({ person }) => person))
  let count = 0
  for (const person of people) {
    if ((await openOf(desk, assessment, book, person)) === 0) continue
    // With the deadline in it: an extended round may remind anew.
    const key = `reminder:${assessment.id}:${person}:${round.deadline.toISOString()}:${hours}`
    count += await tell(desk, [
      { key, person, dueAt, telling: { type: 'reminder', assessment: assessment.id, round: round.id, hours } },
    ])
  }
  return count
}
