/** 预览 and 确认: a notice as its readers will see it, who gets it and who does not, and only then the button that sends it. */
import type { Selection } from '../../core/audience.js'
import { fingerprintOf, resolveAudience } from '../audience.js'
import { momentText } from '../moments.js'
import { noticeCard } from '../notice-card.js'
import { GAP } from '../notice-templates.js'
import type { Notice } from '../notices.js'
import { bold, lines } from '../rich.js'
import type { Card } from '../speech.js'
import type { Say } from '../words.js'
import { audienceText } from './notice-audience-words.js'
import { whenText } from './notice-draft.js'
import { lackOf, languagesOf, mostOf, noticeChange, ofDraft, pushesOf, takesNothing, toDraft } from './notice-drafts.js'
import { quietWarning, sendingTime } from './notice-pace.js'
import { theNotice } from './notice-progress.js'
import {
  arg,
  type DeedSpec,
  deedButton,
  numberArg,
  type Outcome,
  type PageSpec,
  pageButton,
  type Visit,
} from './visit.js'

const SECOND_MS = 1000
const SECONDS_IN_MINUTE = 60
/** Sent once, and not yet read by anybody. */
const FRESH = { wave: 1, acknowledged: null }

const noticePreview: DeedSpec = {
  permission: 'notify',
  community: ofDraft,
  from: ['notice_draft', 'notice_check'],
  run: async (visit): Promise<Outcome> => {
    const draft = await theNotice(visit)
    const fault = faultText(visit, draft)
    if (fault !== undefined) return { to: toDraft(draft), notice: fault }
    if (hasPassed(visit, draft)) return askAgain(visit, draft)
    return { to: toCheck(draft), before: previews(visit, draft) }
  },
}

const toCheck = ({ id, revision }: Notice) => ({ page: 'notice_check', args: [id, String(revision)] })

const hasPassed = ({ now }: Visit, { sendAt }: Notice): boolean => sendAt !== null && sendAt.getTime() <= now

/** Sent at once it would perhaps not be what was meant. */
const askAgain = ({ say, language }: Visit, { id, sendAt, timeZone }: Notice): Outcome => ({
  to: { page: 'notice_when', args: [id] },
  notice: say('notices.refused.passed', { when: momentText(sendAt!.getTime(), timeZone, language) }),
})

function faultText({ say }: Visit, draft: Notice): string | undefined {
  const lack = lackOf(draft)
  return lack && say(`notices.lack.${lack}`, { most: mostOf(draft) })
}

/** Each version that is there, word for word, with the button that its readers get. */
const previews = (visit: Visit, draft: Notice): Card[] =>
  languagesOf(visit.desk).flatMap((language) => (draft.versions[language] ? [previewIn(visit, draft, language)] : []))

/** Whoever writes it must hear of a photo or file that the channel does not take: nobody else could be sent it either. */
function previewIn({ desk, say }: Visit, draft: Notice, language: string): Card {
  const card = noticeCard(desk.locales.in(language), draft, language, desk.defaultLanguage, FRESH)
  return draft.media ? { ...card, unshown: say('notices.unshown') } : card
}

/** Arguments: the draft, and its revision that was shown. */
const noticeCheck: PageSpec = {
  permission: 'notify',
  community: ofDraft,
  show: async (visit) => {
    const { desk, say } = visit
    const draft = await theNotice(visit)
    const { id, number, revision, sendAt } = draft
    const back = pageButton(say('notices.back_to_draft'), 'notice_draft', id)
    if (revision !== numberArg(visit, 1) || lackOf(draft))
      return {
        text: lines(bold(say('notices.check_title', { number })), say('notices.changed_since')),
        rows: [[deedButton(say('notices.preview'), 'notice_preview', id)], [back]],
      }
    const selection = await resolveAudience(desk, draft)
    const lasts = await sendingTime(desk, pushesOf(selection))
    const someone = selection.recipients.length > 0
    const print = fingerprintOf(desk, selection)
    const confirm = say(sendAt ? 'notices.confirm_later' : 'notices.confirm')
    return {
      text: lines(
        bold(say('notices.check_title', { number })),
        say('notices.check_audience', { audience: await audienceText(visit, draft) }),
        ...recipientLines(visit, selection, lasts),
        say('notices.check_when', { when: whenText(visit, draft) }),
        ...(await warnings(visit, draft, selection, lasts)).flatMap((one) => [
          '',
          say('notices.warned', { warning: one }),
        ]),
      ),
      rows: [
        [deedButton(say('notices.test'), 'notice_test', id)],
        ...(someone ? [[deedButton(confirm, 'notice_confirm', id, String(revision), print)]] : []),
        [back],
      ],
    }
  },
  ...takesNothing('notices.refused.on_check'),
}

/** How many get it, who does not, and how long it takes. */
function recipientLines({ say }: Visit, selection: Selection, lasts: number): string[] {
  const { recipients, left, blocked, noChannel } = selection
  const [count, pushes] = [recipients.length, pushesOf(selection)]
  const out = Object.entries({ left, blocked, no_channel: noChannel }).flatMap(([why, people]) =>
    people > 0 ? [say(`notices.excluded.${why}`, { count: people })] : [],
  )
  return [
    say('notices.check_count', { count }),
    ...(count > pushes ? [say('notices.check_looking', { count: count - pushes })] : []),
    ...(out.length > 0 ? [say('notices.check_excluded', { list: out.join(say('list.comma')) })] : []),
    ...(pushes > 0 ? [say('notices.check_takes', { time: timeWords(say, lasts) })] : []),
  ]
}

function timeWords(say: Say, ms: number): string {
  const seconds = Math.ceil(ms / SECOND_MS)
  return seconds < SECONDS_IN_MINUTE
    ? say('notices.seconds', { count: seconds })
    : say('notices.minutes', { count: Math.ceil(seconds / SECONDS_IN_MINUTE) })
}

async function warnings(visit: Visit, draft: Notice, { recipients }: Selection, lasts: number): Promise<string[]> {
  const { desk, say, now } = visit
  const texts = Object.values(draft.versions).map(({ text }) => text)
  const missing = languagesOf(desk).flatMap((language) => {
    const readers = recipients.filter((one) => one.language === language).length
    const known = { language: say(`language.${language}`), count: readers }
    return draft.versions[language] || readers === 0 ? [] : [say('notices.warning.language', known)]
  })
  const quiet = await quietWarning(visit, draft, draft.sendAt?.getTime() ?? now, lasts)
  return [
    ...(recipients.length === 0 ? [say('notices.warning.nobody')] : []),
    ...(texts.some((text) => text.includes(GAP)) ? [say('notices.warning.gap')] : []),
    ...missing,
    ...(quiet === undefined ? [] : [quiet]),
  ]
}

/** To the person themself, in their language, and marked so that nobody takes it for the notice. */
const noticeTest: DeedSpec = {
  permission: 'notify',
  community: ofDraft,
  from: ['notice_check'],
  run: async (visit): Promise<Outcome> => {
    const { say, language } = visit
    const draft = await theNotice(visit)
    const fault = faultText(visit, draft)
    if (fault !== undefined) return { to: toDraft(draft), notice: fault }
    const card = previewIn(visit, draft, language)
    const text = [bold(say('notices.test_mark')), { text: '\n\n' }, ...card.text]
    return { before: [{ ...card, text }], notice: say('notices.tested') }
  },
}

/**
 * Arguments: the draft, the revision that was seen, and the fingerprint of who was to get it. They are looked up once more:
 * where they have become others meanwhile, the new number is shown and nothing is sent.
 */
const noticeConfirm: DeedSpec = {
  permission: 'notify',
  // Also once it is confirmed: a redelivered confirmation is told the same.
  community: async ({ desk, args }) => (await desk.notices.notice(args[0] ?? ''))?.community,
  // The second half of a double tap comes from where the first one has led.
  from: ['notice_check', 'notice'],
  run: async (visit): Promise<Outcome> => {
    const { desk, say, session } = visit
    const notice = await theNotice(visit)
    const { id, status, sendAt } = notice
    const checked = session.view.at === 'page' && session.view.page === 'notice_check'
    if (status === 'draft' && !checked) return { notice: say('notice.button_outdated') }
    const revision = numberArg(visit, 1)
    const seen = status === 'draft' && notice.revision === revision
    if (seen && lackOf(notice)) return { to: toDraft(notice), notice: say('notices.outdated') }
    if (seen && hasPassed(visit, notice)) return askAgain(visit, notice)
    const selection = await resolveAudience(desk, notice)
    const { recipients } = selection
    if (seen && recipients.length === 0) return { to: toCheck(notice), notice: say('notices.warning.nobody') }
    if (seen && fingerprintOf(desk, selection) !== arg(visit, 2))
      return { to: toCheck(notice), notice: movedText(visit, recipients.length) }
    const after = { recipients: recipients.length, ...(sendAt ? { send_at: sendAt.toISOString() } : {}) }
    const change = noticeChange(visit, notice, 'notice_confirmed', { after })
    const people = recipients.map(({ person }) => person)
    const done = await desk.notices.confirm(id, revision, people, change)
    const there = { page: 'notice', args: [id] }
    if (done === 'confirmed') {
      const when = whenText(visit, notice)
      return { to: there, notice: say(sendAt ? 'notices.confirmed_later' : 'notices.confirmed', { when }) }
    }
    // Somebody else was faster: with a change, or with the confirmation itself.
    const now = await desk.notices.notice(id)
    return now?.status === 'draft'
      ? { to: toDraft(now), notice: say('notices.outdated') }
      : { to: there, notice: say('notices.confirmed_before') }
  },
}

/** `对象有变化：原来 3 人，现在 5 人；请核对后再确认。` */
function movedText(visit: Visit, count: number): string {
  const before = Number.parseInt(arg(visit, 2), 10) || 0
  return visit.say(`notices.${before === count ? 'others_now' : 'moved_now'}`, { before, count })
}

export const CHECK_PAGES: Record<string, PageSpec> = { notice_check: noticeCheck }
export const CHECK_DEEDS: Record<string, DeedSpec> = {
  notice_preview: noticePreview,
  notice_test: noticeTest,
  notice_confirm: noticeConfirm,
}
