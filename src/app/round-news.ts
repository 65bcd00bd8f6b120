/** Told by itself: a round has begun, to everybody who has something to answer in it; a result is out, to those who watch over it. */
import { may } from '../core/access.js'
import { phaseOf } from '../core/round.js'
import { decentInstant } from '../core/zoned-time.js'
import type { Desk } from './desk.js'
import { peopleIn } from './office/standings.js'
import type { Assessment, Round } from './rounds.js'
import { tell } from './tell.js'

/** What is older is no news any more, for example after the program stood still. */
const NEWS_FOR_MS = 24 * 60 * 60 * 1000
/** Somebody may have joined, or submitted after the deadline, since this process last looked. */
const LOOK_AGAIN_MS = 60 * 1000
const ASK_AGAIN_MS = 30 * 60 * 1000

type News = 'opened' | 'result'
/** When this process last went through a round or an assessment: there is no need to look again at once. */
export type Told = Map<string, number>

/** Puts the news that are due in line; safe to run at any time, twice, and by any number of processes. Returns how many were new. */
export async function tellRoundNews(desk: Desk, told: Told = new Map()): Promise<number> {
  const now = desk.now()
  const isTime = (key: string, pauseMs: number) => now - (told.get(key) ?? Number.NEGATIVE_INFINITY) >= pauseMs
  let count = 0
  for (const round of await desk.rounds.heldBetween(new Date(now - NEWS_FOR_MS), new Date(now))) {
    const news = newsOf(round, now)
    if (!news || !isTime(`${round.id}:${news}`, LOOK_AGAIN_MS)) continue
    for (const assessment of await desk.rounds.assessmentsIn(round.id)) {
      const key = `${assessment.id}:${news}`
      if (assessment.status !== (news === 'opened' ? 'open' : 'submitted') || !isTime(key, ASK_AGAIN_MS)) continue
      count += await tellIn(desk, assessment, news)
      told.set(key, now)
    }
    told.set(`${round.id}:${news}`, now)
  }
  return count
}

function newsOf(round: Round, now: number): News | undefined {
  const phase = phaseOf(round, now)
  if (phase === 'open') return round.opensAt.getTime() > now - NEWS_FOR_MS ? 'opened' : undefined
  return phase === 'over' || phase === 'closed' ? 'result' : undefined
}

async function tellIn(desk: Desk, assessment: Assessment, news: News): Promise<number> {
  const { id, round, community } = assessment
  const dueAt = decentInstant(desk.now(), community.timeZone)
  if (news === 'opened' && dueAt >= round.deadline.getTime()) return 0
  const people = news === 'opened' ? await whoAnswer(desk, assessment) : await whoWatch(desk, community.id)
  return tell(
    desk,
    [...new Set(people)].map((person) => ({
      key: `${news}:${id}:${person}`,
      person,
      dueAt,
      telling: { type: news, assessment: id } as const,
    })),
  )
}

async function whoAnswer(desk: Desk, assessment: Assessment): Promise<string[]> {
  return (await peopleIn(desk, assessment)).filter(({ owes }) => owes !== 'nothing').map(({ member }) => member.person)
}

/** By a role of their own in the community; admins have the overview. */
async function whoWatch(desk: Desk, community: string): Promise<string[]> {
  const members = await desk.members.membersOf(community)
  return members.filter((one) => may([one], 'see_summary', community)).map(({ person }) => person)
}
