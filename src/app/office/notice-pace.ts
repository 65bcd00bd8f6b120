/** How long a notice takes to be sent, and whether that comes into the night of those who get it. */
import { durationOf, isQuiet, noticePhase } from '../../core/notice.js'
import type { Desk } from '../desk.js'
import type { Notice } from '../notices.js'
import { placeOf } from './places.js'
import type { Visit } from './visit.js'

/** Replies and everything else go before a notice, which so gets a little less than the gate lets through. */
const HEADROOM = 1.05
/** A notice to fewer says nothing of the pace. */
const LEAST_RECIPIENTS = 50
/** Newest notices among which one is looked for whose pace is known. */
const LOOKED_AT = 5
/** Far below what the gate lets through, it was not the line that was slow: somebody opened the page, or came back, days later. */
const LEAST_SHARE = 0.1
const SECOND_MS = 1000

/** Milliseconds that so many messages take: at most as fast as the gate, and as the last notice to many went. */
export async function sendingTime(desk: Desk, messages: number): Promise<number> {
  const most = desk.broadcastPerSecond / HEADROOM
  const measured = await lastPace(desk)
  const slower = measured !== undefined && measured < most && measured >= most * LEAST_SHARE
  return durationOf(messages, slower ? measured : most)
}

/** Messages a second; undefined where no notice tells. Reminders go out on other days, so a reminded notice does not tell. */
async function lastPace({ notices, now }: Desk): Promise<number | undefined> {
  const { items } = await notices.list(null, { offset: 0, limit: LOOKED_AT })
  for (const notice of items.filter(({ status, wave }) => status === 'confirmed' && wave === 1)) {
    const { recipients, states, waiting, firstSentAt, lastSentAt } = await notices.tally(notice.id, new Date(now()))
    if (recipients < LEAST_RECIPIENTS || noticePhase(notice, waiting, now()) !== 'done') continue
    if (!firstSentAt || !lastSentAt || lastSentAt <= firstSentAt) continue
    return ((states.sent + states.read) * SECOND_MS) / (lastSentAt.getTime() - firstSentAt.getTime())
  }
  return undefined
}

/** The warning where messages that begin at an instant come in the quiet hours of the place; undefined where they do not. */
export async function quietWarning(
  visit: Visit,
  { community }: Pick<Notice, 'community'>,
  begins: number,
  lastsMs: number,
): Promise<string | undefined> {
  const { zone } = await placeOf(visit, community)
  return isQuiet(begins, lastsMs, zone) ? visit.say('notices.warning.quiet', { zone }) : undefined
}
