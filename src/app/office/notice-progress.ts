/** 通知的进度: how far a notice is, who got it, who has read it, and what can be done about it now. */
import { type NoticePhase, noticePhase, RECIPIENT_STATES } from '../../core/notice.js'
import type { Desk } from '../desk.js'
import { momentText } from '../moments.js'
import { versionFor } from '../notice-card.js'
import type { Notice, Tally } from '../notices.js'
import { bold, lines, type Span } from '../rich.js'
import type { Button, Card } from '../speech.js'
import { bar } from '../views/bar.js'
import { inPairs } from '../views/rows.js'
import type { Say } from '../words.js'
import { takesNothing } from './notice-drafts.js'
import { DISTRICT } from './places.js'
import { arg, deedButton, type PageSpec, pageButton, type Visit } from './visit.js'

const LONGEST_LINE = 60
/** Over how long `Tally.sentLately` counts. */
const LATELY_SECONDS = 10

/** Of the notice that the first argument names; drafts have pages of their own. */
export async function ofNotice({ desk, args }: Visit): Promise<string | null | undefined> {
  const notice = await desk.notices.notice(args[0] ?? '')
  return notice && notice.status !== 'draft' ? notice.community : undefined
}

/** The same, where the door has seen that it is there. */
export async function theNotice(visit: Visit): Promise<Notice> {
  const notice = await visit.desk.notices.notice(arg(visit, 0))
  if (!notice) throw new Error(`Expected a notice \`${arg(visit, 0)}\``)
  return notice
}

export type NoticeStanding = { readonly tally: Tally; readonly phase: NoticePhase }

export async function noticeStanding(desk: Desk, notice: Notice): Promise<NoticeStanding> {
  const now = desk.now()
  const tally = await desk.notices.tally(notice.id, new Date(now))
  return { tally, phase: noticePhase(notice, tally.waiting, now) }
}

/** `已撤回`, and while messages are still to be taken back `撤回中`. */
export const phaseWords = (say: Say, { phase, tally }: NoticeStanding): string =>
  say(`notice_progress.phase.${phase === 'withdrawn' && tally.withdrawn.pending > 0 ? 'withdrawing' : phase}`)

/** Arguments: the notice. From now on its card is redrawn in place while the notice moves. */
const progress: PageSpec = {
  permission: 'notify',
  community: ofNotice,
  show: async (visit) => {
    const { desk, language, inbound, now } = visit
    const notice = await theNotice(visit)
    // Drawing it anew is no new look.
    if (inbound.content.kind !== 'look') await desk.notices.watch(notice.id, inbound.address, new Date(now))
    return progressCard(desk, notice, language)
  },
  ...takesNothing('notices.refused.typed'),
}

async function progressCard(desk: Desk, notice: Notice, language: string): Promise<Card> {
  const say = desk.locales.in(language)
  const standing = await noticeStanding(desk, notice)
  const { number } = notice
  return {
    text: lines(
      bold(say('notice_progress.title', { number, phase: phaseWords(say, standing) })),
      firstLine(desk, notice, language),
      '',
      ...peopleLines(say, notice, standing),
      ...paceLines(desk, say, notice, standing),
      ...withdrawalLines(say, standing),
      '',
      ...timeLines(say, language, notice, standing),
    ),
    rows: [
      ...inPairs(stepButtons(say, notice, standing)),
      [
        pageButton(say('notice_progress.people'), 'notice_people', notice.id, 'all', '0'),
        deedButton(say('notice_progress.export'), 'notice_export', notice.id),
      ],
      [
        pageButton(say('notice_progress.refresh'), 'notice', notice.id),
        pageButton(say('button.back'), 'notices', notice.community ?? DISTRICT),
      ],
    ],
  }
}

function firstLine({ defaultLanguage }: Desk, notice: Notice, language: string): string {
  const { text } = versionFor(notice, language, defaultLanguage)
  const letters = [...(text.trim().split('\n')[0] ?? '')]
  return letters.length > LONGEST_LINE ? `${letters.slice(0, LONGEST_LINE).join('')}…` : letters.join('')
}

function peopleLines(say: Say, { wave }: Notice, { tally }: NoticeStanding): (string | Span)[] {
  const { recipients, states, waiting } = tally
  const counted = (key: string, count: number) => {
    const share = count / Math.max(1, recipients)
    return say(`notice_progress.${key}`, { bar: bar(share), count, share: (share * 100).toFixed(1) })
  }
  // Those whom no channel reaches by itself; a reminder on its way may hide some of them for a moment.
  const looking = Math.max(0, states.pending - waiting)
  return [
    say('notice_progress.recipients', { count: recipients }),
    counted('sent', states.sent + states.read),
    counted('read', states.read),
    ...(['failed', 'blocked', 'cancelled', 'skipped'] as const).flatMap((state) =>
      states[state] > 0 ? [say(`notice_progress.${state}`, { count: states[state] })] : [],
    ),
    ...(looking > 0 ? [say('notice_progress.looking', { count: looking })] : []),
    ...(wave > 1 ? [say('notice_progress.waves', { count: wave - 1 })] : []),
  ]
}

function paceLines(desk: Desk, say: Say, notice: Notice, { phase, tally }: NoticeStanding): string[] {
  const { waiting, sentLately, firstSentAt } = tally
  if (waiting === 0 || phase === 'withdrawn' || phase === 'cancelled') return []
  const toSend = say('notice_progress.waiting', { count: waiting })
  if (phase !== 'sending') return [toSend]
  const since = firstSentAt ? (desk.now() - firstSentAt.getTime()) / 1000 : LATELY_SECONDS
  const rate = sentLately / Math.min(LATELY_SECONDS, Math.max(1, since))
  // Nobody wonders at that before it can have begun.
  const begun = (notice.sendAt ?? notice.confirmedAt)?.getTime() ?? 0
  if (rate === 0) return desk.now() - begun < LATELY_SECONDS * 1000 ? [toSend] : [toSend, say('notice_progress.still')]
  return [
    toSend,
    say('notice_progress.rate', { rate: rate.toFixed(1) }),
    say('notice_progress.left', { time: timeWords(say, Math.ceil(waiting / rate)) }),
  ]
}

function timeWords(say: Say, seconds: number): string {
  const [minutes, rest] = [Math.floor(seconds / 60), seconds % 60]
  return minutes === 0
    ? say('notice_progress.seconds', { seconds })
    : say('notice_progress.minutes', { minutes, seconds: rest })
}

function withdrawalLines(say: Say, { phase, tally }: NoticeStanding): string[] {
  const { done, pending, failed } = tally.withdrawn
  if (phase !== 'withdrawn' || done + pending + failed === 0) return []
  return [
    say('notice_progress.withdrawal', { done, pending }),
    ...(failed > 0 ? [say('notice_progress.withdrawal_failed', { failed })] : []),
  ]
}

function timeLines(say: Say, language: string, notice: Notice, { phase, tally }: NoticeStanding): string[] {
  const line = (key: string, at: Date | null) =>
    at ? [say(`notice_progress.${key}`, { when: momentText(at.getTime(), notice.timeZone, language) })] : []
  const finished = phase === 'done' || phase === 'cancelled' || phase === 'withdrawn'
  return [
    ...line('scheduled_at', notice.sendAt),
    ...(notice.sendAt ? [] : line('confirmed_at', notice.confirmedAt)),
    ...line('first_at', tally.firstSentAt),
    ...(finished ? line('last_at', tally.lastSentAt) : []),
    ...line('withdrawn_at', notice.withdrawnAt),
  ]
}

/** What can be done in a phase; what cannot be taken back is asked on a page of its own. */
function stepButtons(say: Say, { id, wave }: Notice, { phase, tally }: NoticeStanding): Button[] {
  const { failed, sent, read, pending } = tally.states
  const cancel = pageButton(say('notice_progress.cancel'), 'notice_ask', id, 'cancel')
  const copy = deedButton(say('notice_progress.copy'), 'notice_copy', id)
  const retry = failed > 0 ? [deedButton(say('notice_progress.retry', { count: failed }), 'notice_retry', id)] : []
  // Who only looks has perhaps not seen it yet: for them taking it back is in time.
  const withdraw =
    sent + read + pending > 0 ? [pageButton(say('notice_progress.withdraw'), 'notice_ask', id, 'withdraw')] : []
  switch (phase) {
    case 'sending':
      return [deedButton(say('notice_progress.pause'), 'notice_pause', id), cancel, ...retry, ...withdraw]
    case 'paused':
      return [deedButton(say('notice_progress.resume'), 'notice_resume', id), cancel, ...withdraw]
    case 'scheduled':
      return [cancel]
    case 'done': {
      // With the wave that is there, so that a second tap does not remind everybody once more.
      const remind = deedButton(say('notice_progress.remind', { count: sent }), 'notice_remind', id, String(wave))
      return [...retry, ...(sent > 0 ? [remind] : []), ...withdraw, copy]
    }
    case 'cancelled':
      return [...withdraw, copy]
    case 'withdrawn':
      return [copy]
    case 'draft':
      return []
  }
}

/** States that somebody is in, in the order of the port. */
export const statesIn = ({ states }: Tally) => RECIPIENT_STATES.filter((state) => states[state] > 0)

export const NOTICE_PROGRESS_PAGES: Record<string, PageSpec> = { notice: progress }
