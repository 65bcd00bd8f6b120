/** 时间: when a notice is sent, typed or by quick buttons, and on which zone's clock. What was understood is said again. */

import { parseMoment } from '../../core/moment.js'
import { EARLIEST_DECENT_HOUR, instantOf, zonedParts, zoneNamed } from '../../core/zoned-time.js'
import { resolveAudience } from '../audience.js'
import { momentText } from '../moments.js'
import type { Notice } from '../notices.js'
import { bold, lines } from '../rich.js'
import type { Button } from '../speech.js'
import { whenText } from './notice-draft.js'
import { changeDraft, ofDraft, overtaken, pushesOf, takesNothing, toDraft } from './notice-drafts.js'
import { quietWarning, sendingTime } from './notice-pace.js'
import { theNotice } from './notice-progress.js'
import { arg, type DeedSpec, deedButton, type Outcome, type PageSpec, pageButton, type Visit } from './visit.js'

const MINUTE_MS = 60_000
const DAYS_IN_WEEK = 7
const AT_ONCE = 'now'
const AT_ONCE_WORDS =
  /^(?:现在|马上|立即|立刻)(?:就?发送?)?$|^(?:send )?(?:it )?(?:now|at once|immediately|right now|right away)$/

/** Of pages that take words alone. */
const WORDS_ONLY = { sent: takesNothing('notices.refused.words_only').sent, ...overtaken }

const noticeWhen: PageSpec = {
  permission: 'notify',
  community: ofDraft,
  show: async (visit) => {
    const { say } = visit
    const draft = await theNotice(visit)
    const { id, number, timeZone } = draft
    return {
      text: lines(
        bold(say('notices.when_title', { number })),
        say('notices.now_is', { value: whenText(visit, draft) }),
        '',
        say('notices.when_ask', { zone: timeZone }),
      ),
      rows: [
        [deedButton(say('notices.at_once'), 'notice_at', id, AT_ONCE)],
        quickButtons(visit, draft),
        [pageButton(say('notices.change_zone'), 'notice_zone', id), pageButton(say('button.back'), 'notice_draft', id)],
      ],
    }
  },
  typed: async (visit, text): Promise<Outcome> => {
    const draft = await theNotice(visit)
    const words = text.normalize('NFKC').toLowerCase()
    if (AT_ONCE_WORDS.test(words.replace(/[。.!]+$/u, ''))) return sendAt(visit, draft, null)
    const read = parseMoment(text, draft.timeZone, visit.now, EARLIEST_DECENT_HOUR)
    return read.ok ? sendAt(visit, draft, read.at) : { notice: visit.say(`notices.refused.${read.reason}`) }
  },
  ...WORDS_ONLY,
}

/** With the minute that it meant when it was drawn: after midnight tomorrow is another day. */
function quickButtons({ say, now }: Visit, { id, timeZone }: Notice): Button[] {
  const { year, month, day, weekday } = zonedParts(now, timeZone)
  const nine = (days: number) =>
    instantOf({ year, month, day: day + days, hour: EARLIEST_DECENT_HOUR, minute: 0 }, timeZone)
  // Weeks begin on Monday; on a Sunday the next one is tomorrow.
  const toMonday = DAYS_IN_WEEK - ((weekday + DAYS_IN_WEEK - 1) % DAYS_IN_WEEK)
  const button = (name: string, at: number) =>
    deedButton(say(`notices.quick.${name}`), 'notice_at', id, String(Math.floor(at / MINUTE_MS)))
  return [button('tomorrow', nine(1)), button('monday', nine(toMonday))]
}

/** Arguments: the draft, and `now` or minutes since 1970. */
const noticeAt: DeedSpec = {
  permission: 'notify',
  community: ofDraft,
  from: ['notice_when'],
  run: async (visit): Promise<Outcome> => {
    const draft = await theNotice(visit)
    const wanted = arg(visit, 1)
    if (wanted === AT_ONCE) return sendAt(visit, draft, null)
    if (!/^\d{8}$/.test(wanted)) return { notice: visit.say('notice.button_outdated') }
    return sendAt(visit, draft, Number(wanted) * MINUTE_MS)
  },
}

/** Null: as soon as it is confirmed. */
async function sendAt(visit: Visit, draft: Notice, at: number | null): Promise<Outcome> {
  const { say, now } = visit
  if (at !== null && at <= now) return { notice: say('notices.refused.past') }
  const after = { ...draft, sendAt: at === null ? null : new Date(at) }
  if (draft.sendAt?.getTime() !== after.sendAt?.getTime()) {
    const about = { before: { send_at: isoOf(draft) }, after: { send_at: isoOf(after) } }
    await changeDraft(visit, draft, { sendAt: after.sendAt }, about)
  }
  return { to: toDraft(draft), notice: await savedText(visit, after) }
}

const isoOf = ({ sendAt: at }: Notice): string | null => at?.toISOString() ?? null

/** The moment once more, and whether it falls into the night. */
async function savedText(visit: Visit, draft: Notice): Promise<string> {
  const { desk, say, now } = visit
  const saved = say('notices.when_saved', { value: whenText(visit, draft) })
  const lasts = await sendingTime(desk, pushesOf(await resolveAudience(desk, draft)))
  const quiet = await quietWarning(visit, draft, draft.sendAt?.getTime() ?? now, lasts)
  return quiet === undefined ? saved : `${saved}\n${quiet}`
}

/** What is typed becomes the zone. The instant stays; it is shown on the new clock from now on. */
const noticeZone: PageSpec = {
  permission: 'notify',
  community: ofDraft,
  show: async (visit) => {
    const { say } = visit
    const { id, number, timeZone } = await theNotice(visit)
    return {
      text: lines(
        bold(say('notices.zone_title', { number })),
        say('notices.now_is', { value: timeZone }),
        '',
        say('notices.zone_ask'),
      ),
      rows: [[pageButton(say('button.back'), 'notice_when', id)]],
    }
  },
  typed: async (visit, text): Promise<Outcome> => {
    const { say, language } = visit
    const draft = await theNotice(visit)
    const zone = zoneNamed(text)
    if (zone === undefined) return { notice: say('notices.refused.zone') }
    if (zone !== draft.timeZone) {
      const about = { before: { time_zone: draft.timeZone }, after: { time_zone: zone } }
      await changeDraft(visit, draft, { timeZone: zone }, about)
    }
    const saved = draft.sendAt
      ? say('notices.zone_saved_at', { zone, when: momentText(draft.sendAt.getTime(), zone, language) })
      : say('notices.zone_saved', { zone })
    return { to: { page: 'notice_when', args: [draft.id] }, notice: saved }
  },
  ...WORDS_ONLY,
}

export const WHEN_PAGES: Record<string, PageSpec> = { notice_when: noticeWhen, notice_zone: noticeZone }
export const WHEN_DEEDS: Record<string, DeedSpec> = { notice_at: noticeAt }
