/** What is done about a notice on its way: pause, go on, cancel, retry, remind, withdraw. */
import type { NoticePhase } from '../../core/notice.js'
import type { Change } from '../district.js'
import type { Notice } from '../notices.js'
import { bold, lines } from '../rich.js'
import type { Card } from '../speech.js'
import type { Say } from '../words.js'
import { takesNothing } from './notice-drafts.js'
import { quietWarning, sendingTime } from './notice-pace.js'
import { type NoticeStanding, noticeStanding, ofNotice, phaseWords, theNotice } from './notice-progress.js'
import {
  arg,
  changeBy,
  type DeedSpec,
  deedButton,
  numberArg,
  type Outcome,
  type PageSpec,
  pageButton,
  type Visit,
} from './visit.js'

type Asked = 'cancel' | 'withdraw'
type Name = 'pause' | 'resume' | Asked
/** As an argument: reminding was asked about and is meant. */
const MEANT = 'yes'
type Step = {
  /** Page that offers it. */
  readonly page: 'notice' | 'notice_ask'
  /** Phases in which it can be done. */
  readonly from: readonly NoticePhase[]
  /** Phases that it leads to: there it is told as done, so that a redelivered tap is told what the first one was told. */
  readonly to: readonly NoticePhase[]
  readonly action: string
  /** False where somebody else was faster. */
  readonly run: (visit: Visit, notice: Notice, change: Change) => Promise<boolean>
}

const STEPS: Readonly<Record<Name, Step>> = {
  pause: {
    page: 'notice',
    from: ['sending'],
    to: ['paused'],
    action: 'notice_paused',
    run: ({ desk }, { id }, change) => desk.notices.setStatus(id, 'paused', change),
  },
  resume: {
    page: 'notice',
    // Where all of it is out by now, the store knows whether it was this tap that let it go on.
    from: ['paused', 'done'],
    to: ['scheduled', 'sending'],
    action: 'notice_resumed',
    run: ({ desk }, { id }, change) => desk.notices.setStatus(id, 'confirmed', change),
  },
  cancel: {
    page: 'notice_ask',
    from: ['scheduled', 'sending', 'paused'],
    to: ['cancelled'],
    action: 'notice_cancelled',
    run: ({ desk }, { id }, change) => desk.notices.setStatus(id, 'cancelled', change),
  },
  withdraw: {
    page: 'notice_ask',
    from: ['sending', 'paused', 'done', 'cancelled'],
    to: ['withdrawn'],
    action: 'notice_withdrawn',
    run: async ({ desk }, { id }, change) => {
      await desk.notices.withdraw(id, change)
      return true
    },
  },
}

const toNotice = ({ id }: Notice) => ({ page: 'notice', args: [id] })
const changeOf = (visit: Visit, { id, community }: Notice, action: string): Change =>
  changeBy(visit, action, { subject: `notice:${id}`, community })

/** It is too late or too early for it. */
export async function notNow({ desk, say }: Visit, notice: Notice): Promise<Outcome> {
  return { to: toNotice(notice), notice: notNowText(say, await noticeStanding(desk, notice)) }
}

const notNowText = (say: Say, standing: NoticeStanding): string =>
  say('notice_progress.not_now', { phase: phaseWords(say, standing) })

const step = (name: Name): DeedSpec => ({
  permission: 'notify',
  community: ofNotice,
  from: [STEPS[name].page],
  run: async (visit) => {
    const { desk, say } = visit
    const { from, to, action, run } = STEPS[name]
    const notice = await theNotice(visit)
    const { phase } = await noticeStanding(desk, notice)
    const done = from.includes(phase) ? await run(visit, notice, changeOf(visit, notice, action)) : to.includes(phase)
    return done
      ? { to: toNotice(notice), notice: say(`notice_progress.${name}_done`) }
      : notNow(visit, await theNotice(visit))
  },
})

const retry: DeedSpec = {
  permission: 'notify',
  community: ofNotice,
  from: ['notice'],
  run: async (visit) => {
    const { desk, say } = visit
    const notice = await theNotice(visit)
    const { phase } = await noticeStanding(desk, notice)
    // Also while it is being sent: a redelivered tap finds what the first one has put in line.
    if (phase !== 'done' && phase !== 'sending') return notNow(visit, notice)
    const count = await desk.notices.retryFailed(notice.id, changeOf(visit, notice, 'notice_retried'))
    const busy = count > 0 || (await noticeStanding(desk, notice)).phase === 'sending'
    return { to: toNotice(notice), notice: say(`notice_progress.${busy ? 'retry_done' : 'retry_nothing'}`) }
  },
}

/** Arguments: the notice, the wave that was its newest when the button was drawn, and `yes` where the hour was asked about. */
const remind: DeedSpec = {
  permission: 'notify',
  community: ofNotice,
  from: ['notice', 'notice_ask'],
  run: async (visit) => {
    const { desk, say } = visit
    const notice = await theNotice(visit)
    const to = toNotice(notice)
    const drawn = numberArg(visit, 1)
    if (drawn > notice.wave || drawn === 0) return { to, notice: say('notice.button_outdated') }
    const { phase, tally } = await noticeStanding(desk, notice)
    // A second tap, the same one delivered again, or one on an old card.
    if (drawn < notice.wave && (phase === 'sending' || phase === 'done'))
      return { to, notice: say(`notice_progress.${phase === 'sending' ? 'remind_done' : 'remind_before'}`) }
    if (phase !== 'done') return notNow(visit, notice)
    if (arg(visit, 2) !== MEANT && (await wakingText(visit, notice, tally.states.sent)) !== undefined)
      return { to: { page: 'notice_ask', args: [notice.id, 'remind', String(drawn)] } }
    const count = await desk.notices.remindUnread(notice.id, changeOf(visit, notice, 'notice_reminded'))
    return { to, notice: say(`notice_progress.${count > 0 ? 'remind_done' : 'remind_nothing'}`) }
  },
}

/** The warning where reminding so many now would wake somebody. */
const wakingText = async (visit: Visit, notice: Notice, count: number): Promise<string | undefined> =>
  quietWarning(visit, notice, visit.now, await sendingTime(visit.desk, count))

const askedFor = (visit: Visit): Asked | 'remind' | undefined =>
  (['cancel', 'withdraw', 'remind'] as const).find((what) => what === arg(visit, 1))

/** Arguments: the notice, what is asked about, and for `remind` the wave that is there. */
const ask: PageSpec = {
  permission: 'notify',
  community: async (visit) => (askedFor(visit) ? ofNotice(visit) : undefined),
  show: async (visit) => {
    const { desk, say } = visit
    const what = askedFor(visit)!
    const notice = await theNotice(visit)
    if (what === 'remind') return askToRemind(visit, notice)
    const { number, id } = notice
    const standing = await noticeStanding(desk, notice)
    if (!STEPS[what].from.includes(standing.phase))
      return {
        text: lines(notNowText(say, standing)),
        rows: [[pageButton(say('button.back'), 'notice', id)]],
      }
    const { sent, read, pending } = standing.tally.states
    const known = { sent: sent + read, pending }
    return {
      text: lines(
        bold(say(`notice_progress.${what}_ask`, { number })),
        ...(what === 'cancel' || pending > 0 ? [say('notice_progress.ask_pending', known)] : []),
        ...(known.sent > 0 ? [say(`notice_progress.${what}_sent`, known)] : []),
        ...(what === 'withdraw' && known.sent > 0 ? [say('notice_progress.withdraw_how')] : []),
        say('notice_progress.ask_final'),
      ),
      rows: [
        [pageButton(say('button.do_not'), 'notice', id)],
        [deedButton(say(`notice_progress.${what}_confirm`), `notice_${what}`, id)],
      ],
    }
  },
  ...takesNothing('notices.refused.typed'),
}

/** Only at night, and never without the button: whoever waits until the morning finds it where it was. */
async function askToRemind(visit: Visit, notice: Notice): Promise<Card> {
  const { desk, say } = visit
  const { id, number, wave } = notice
  const standing = await noticeStanding(desk, notice)
  const count = standing.tally.states.sent
  const back = [pageButton(say('button.do_not'), 'notice', id)]
  if (standing.phase !== 'done' || count === 0) return { text: lines(notNowText(say, standing)), rows: [back] }
  return {
    text: lines(bold(say('notice_progress.remind_ask', { number, count })), await wakingText(visit, notice, count)),
    rows: [back, [deedButton(say('notice_progress.remind_confirm'), 'notice_remind', id, String(wave), MEANT)]],
  }
}

export const NOTICE_STEP_PAGES: Record<string, PageSpec> = { notice_ask: ask }
export const NOTICE_STEP_DEEDS: Record<string, DeedSpec> = {
  notice_pause: step('pause'),
  notice_resume: step('resume'),
  notice_cancel: step('cancel'),
  notice_withdraw: step('withdraw'),
  notice_retry: retry,
  notice_remind: remind,
}
