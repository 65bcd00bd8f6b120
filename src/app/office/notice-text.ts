/** The text of a notice in one language: typed with its formatting, or written under a photo or file. */
import { lengthOf, richOf, trimmed } from '../formatted.js'
import { bold, lines } from '../rich.js'
import { attach } from './notice-draft.js'
import { changeDraft, isJustNow, markNow, mostOf, ofDraft, toDraft } from './notice-drafts.js'
import { theNotice } from './notice-progress.js'
import { arg, type DeedSpec, deedButton, type Outcome, type PageSpec, pageButton, type Visit } from './visit.js'

/** Of a draft, where the second argument is a language. */
const ofText = async (visit: Visit): Promise<string | null | undefined> =>
  visit.desk.locales.languages.includes(arg(visit, 1)) ? ofDraft(visit) : undefined

/**
 * Arguments: the draft, the language, and a mark where a text was just refused as too long. Telegram splits what is longer than
 * its own limit, so that the rest of such a text comes as another one: taken for the whole, its beginning would be lost.
 */
const noticeText: PageSpec = {
  permission: 'notify',
  community: ofText,
  show: async (visit) => {
    const { say } = visit
    const draft = await theNotice(visit)
    const { id, number, versions } = draft
    const code = arg(visit, 1)
    const language = say(`language.${code}`)
    const version = versions[code]
    const spare = version && Object.keys(versions).length > 1
    return {
      text: [
        ...lines(
          bold(say('notices.text_title', { number, language })),
          say(version ? 'notices.text_ask_anew' : 'notices.text_ask', { most: mostOf(draft) }),
        ),
        ...(version ? [{ text: '\n\n' }, ...richOf(version)] : []),
      ],
      rows: [
        ...(spare ? [[deedButton(say('notices.text_remove', { language }), 'notice_text_off', id, code)]] : []),
        [pageButton(say('button.back'), 'notice_draft', id)],
      ],
    }
  },
  typed: async (visit, text): Promise<Outcome> => {
    const { say, inbound } = visit
    const draft = await theNotice(visit)
    const language = arg(visit, 1)
    const again = { to: { page: 'notice_text', args: [draft.id, language, markNow(visit)] } }
    if (isJustNow(visit, arg(visit, 2))) return { ...again, notice: say('notices.refused.split') }
    const entities = inbound.content.kind === 'text' ? (inbound.content.entities ?? []) : []
    // With the words as they came: the entities count from their beginning.
    const version = trimmed({ text: inbound.content.kind === 'text' ? inbound.content.text : text, entities })
    const [most, count] = [mostOf(draft), lengthOf(version)]
    if (count === 0) return { notice: say('notices.refused.empty') }
    if (count > most) return { ...again, notice: say('notices.refused.long', { most, count }) }
    const before = draft.versions[language]
    const about = {
      before: { language, length: before ? lengthOf(before) : 0 },
      after: { language, length: count },
    }
    await changeDraft(visit, draft, { versions: { ...draft.versions, [language]: version } }, about)
    return { to: toDraft(draft), notice: say('notices.text_saved', { count }) }
  },
  sent: (visit, what) => attach(visit, what, arg(visit, 1), 'replace'),
  late: ({ say, args, inbound }) =>
    say(`notices.refused.${args.length > 2 && inbound.content.kind === 'text' ? 'split' : 'late'}`),
}

/** Removes one version where another is left. */
const noticeTextOff: DeedSpec = {
  permission: 'notify',
  community: ofText,
  from: ['notice_text'],
  run: async (visit): Promise<Outcome> => {
    const draft = await theNotice(visit)
    const language = arg(visit, 1)
    const { [language]: removed, ...versions } = draft.versions
    if (Object.keys(versions).length === 0) return { notice: visit.say('notice.button_outdated') }
    if (removed) await changeDraft(visit, draft, { versions }, { before: { language, length: lengthOf(removed) } })
    return {
      to: toDraft(draft),
      notice: visit.say('notices.text_removed', { language: visit.say(`language.${language}`) }),
    }
  },
}

export const TEXT_PAGES: Record<string, PageSpec> = { notice_text: noticeText }
export const TEXT_DEEDS: Record<string, DeedSpec> = { notice_text_off: noticeTextOff }
