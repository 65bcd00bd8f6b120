/** Before a deadline: a word to everybody who still has open indicators, at a decent hour, once for each step. */
import { decentInstant } from '../core/zoned-time.js'
import type { Desk } from './desk.js'
import { peopleIn } from './office/standings.js'
import type { Assessment } from './rounds.js'
import { tell } from './tell.js'

const HOUR_MS = 60 * 60 * 1000
/** Hours before the deadline, farthest first. A step that a short round never had is not made up for. */
export const STEPS_HOURS = [72, 24, 4] as const

/** When this process last went through a step, by assessment, deadline and hours: there is no need to look again at once. */
export type Reminded = Map<string, number>

/** Who gets something to answer later on is still reminded; the keys keep everybody else from hearing it twice. */
const LOOK_AGAIN_MS = 30 * 60 * 1000

/** Puts the reminders that are due in line; safe to run at any time, twice, and by any number of processes. */
export async function remind(desk: Desk, reminded: Reminded = new Map()): Promise<number> {
  const now = desk.now()
  const rounds = await desk.rounds.endingBetween(new Date(now), new Date(now + STEPS_HOURS[0] * HOUR_MS))
  let count = 0
  for (const round of rounds) {
    const left = round.deadline.getTime() - now
    // Only the nearest step: who comes late is not reminded of the earlier ones as well.
    const hours = STEPS_HOURS.findLast((step) => left <= step * HOUR_MS)
    if (hours === undefined || round.opensAt.getTime() > round.deadline.getTime() - hours * HOUR_MS) continue
    if (round.opensAt.getTime() > now) continue
    const step = `${round.deadline.toISOString()}:${hours}`
    for (const assessment of await desk.rounds.assessmentsIn(round.id)) {
      const key = `${assessment.id}:${step}`
      const recently = now - (reminded.get(key) ?? Number.NEGATIVE_INFINITY) < LOOK_AGAIN_MS
      if (assessment.status !== 'open' || recently) continue
      count += await remindIn(desk, assessment, step, hours)
      reminded.set(key, now)
    }
  }
  return count
}

async function remindIn(desk: Desk, assessment: Assessment, step: string, hours: number): Promise<number> {
  const { id, round, community } = assessment
  const dueAt = decentInstant(desk.now(), community.timeZone)
  // A reminder that could only come when all is over helps nobody.
  if (dueAt >= round.deadline.getTime()) return 0
  const individual = round.mode === 'individual'
  // Who has answered all of their own sheet still has to submit it.
  const behind = (await peopleIn(desk, assessment)).filter(
    ({ done, count, submitted }) => !submitted && (individual || done < count),
  )
  return tell(
    desk,
    behind.map(({ member: { person } }) => ({
      // With the deadline in it: an extended round may remind anew.
      key: `reminder:${id}:${person}:${step}`,
      person,
      dueAt,
      telling: { type: 'reminder', assessment: id, round: round.id, hours } as const,
    })),
  )
}
