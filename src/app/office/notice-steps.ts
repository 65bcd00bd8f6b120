/** What is done about a notice on its way: pause, go on, cancel, retry, remind, withdraw. */
import type { NoticePhase } from '../../core/notice.js'
import type { Change } from '../district.js'
import type { Notice } from '../notices.js'
import { bold, lines } from '../rich.js'
import { noticeStanding, ofNotice, phaseWords, theNotice } from './notice-progress.js'
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
    from: ['paused'],
    to: ['scheduled', 'sending', 'done'],
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
async function notNow({ desk, say }: Visit, notice: Notice): Promise<Outcome> {
  const phase = phaseWords(say, await noticeStanding(desk, notice))
  return { to: toNotice(notice), notice: say('notice_progress.not_now', { phase }) }
}

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

/** Arguments: the notice, and the wave that was its newest when the button was drawn. */
const remind: DeedSpec = {
  permission: 'notify',
  community: ofNotice,
  from: ['notice'],
  run: async (visit) => {
    const { desk, say } = visit
    const notice = await theNotice(visit)
    const to = toNotice(notice)
    const drawn = numberArg(visit, 1)
    // A second tap, or the same one delivered again: they are being reminded already.
    if (drawn === notice.wave - 1) return { to, notice: say('notice_progress.remind_done') }
    if (drawn !== notice.wave) return { to, notice: say('notice.button_outdated') }
    if ((await noticeStanding(desk, notice)).phase !== 'done') return notNow(visit, notice)
    const count = await desk.notices.remindUnread(notice.id, changeOf(visit, notice, 'notice_reminded'))
    return { to, notice: say(`notice_progress.${count > 0 ? 'remind_done' : 'remind_nothing'}`) }
  },
}

const askedFor = (visit: Visit): Asked | undefined =>
  (['cancel', 'withdraw'] as const).find((what) => what === arg(visit, 1))

/** Arguments: the notice, and what is asked about: `cancel` or `withdraw`. */
const ask: PageSpec = {
  permission: 'notify',
  community: async (visit) => (askedFor(visit) ? ofNotice(visit) : undefined),
  show: async (visit) => {
    const { desk, say } = visit
    const what = askedFor(visit)!
    const notice = await theNotice(visit)
    const { number, id } = notice
    const standing = await noticeStanding(desk, notice)
    if (!STEPS[what].from.includes(standing.phase))
      return {
        text: lines(say('notice_progress.not_now', { phase: phaseWords(say, standing) })),
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
