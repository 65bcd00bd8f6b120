/** A draft of a notice as the argument of a page or a deed: whose it is, what it still lacks, how it is changed. */
import { mayAnywhere } from '../../core/access.js'
import type { Selection } from '../../core/audience.js'
import type { Desk } from '../desk.js'
import { type Formatted, lengthOf } from '../formatted.js'
import type { Notice, NoticeFields } from '../notices.js'
import { DISTRICT } from './places.js'
import { changeBy, type PageSpec, type Ref, type Visit } from './visit.js'

/** UTF-16 units: of Telegram's 4096, and of the 1024 under a photo or file, with room for the line of a reminder. */
const LONGEST_TEXT = 3500
const LONGEST_CAPTION = 900
/** As long as the parts of one text may come after each other; nobody has shortened it by then. */
const PARTS_WITHIN_SECONDS = 5
const SECOND_MS = 1000

/** Of the notice that the first argument names, while it is a draft. */
export async function ofDraft({ desk, args }: Visit): Promise<string | null | undefined> {
  const notice = await desk.notices.notice(args[0] ?? '')
  return notice?.status === 'draft' ? notice.community : undefined
}

export const toDraft = ({ id }: Pick<Notice, 'id'>): Ref => ({ page: 'notice_draft', args: [id] })
/** The list that a visitor came from: heads have their community's, admins one of all. */
export const toList = ({ memberships }: Visit, { community }: Notice): Ref => ({
  page: 'notices',
  args: [community === null || mayAnywhere(memberships, 'notify') ? DISTRICT : community],
})

/** The bot's languages, the one that stands in for a missing one first. */
export const languagesOf = ({ locales, defaultLanguage }: Desk): readonly string[] => [
  defaultLanguage,
  ...locales.languages.filter((one) => one !== defaultLanguage),
]

/** How long a text may be. */
export const mostOf = ({ media }: Pick<Notice, 'media'>): number => (media ? LONGEST_CAPTION : LONGEST_TEXT)

export const longestOf = (versions: Notice['versions']): number =>
  Math.max(0, ...Object.values(versions).map((one: Formatted) => lengthOf(one)))

/** Why it cannot be sent as it is. */
export function lackOf(notice: Notice): 'text' | 'shorter' | undefined {
  if (!Object.values(notice.versions).some(({ text }) => text !== '')) return 'text'
  return longestOf(notice.versions) > mostOf(notice) ? 'shorter' : undefined
}

/** A line for the audit log: lengths and counts, never whole texts. */
export const noticeChange = (
  visit: Visit,
  { id, community }: Pick<Notice, 'id' | 'community'>,
  action: string,
  about: Pick<Parameters<typeof changeBy>[2], 'before' | 'after'> = {},
) => changeBy(visit, action, { subject: `notice:${id}`, community, ...about })

export const changeDraft = (
  visit: Visit,
  draft: Notice,
  fields: Partial<NoticeFields>,
  about: Parameters<typeof noticeChange>[3],
): Promise<void> => visit.desk.notices.update(draft.id, fields, noticeChange(visit, draft, 'notice_changed', about))

/** Messages that a channel brings to people by itself; everybody else sees theirs when they open the page. */
export const pushesOf = ({ recipients }: Selection): number => recipients.filter(({ reach }) => reach === 'push').length

/** An argument of a page that was just drawn anew: whatever stands above that card was not sent for it. */
export const markNow = ({ now }: Visit): string => String(Math.floor(now / SECOND_MS))
/** Whether a mark is of a moment ago. */
export const isJustNow = ({ now }: Visit, mark: string): boolean =>
  /^\d{10}$/.test(mark) && Math.abs(now / SECOND_MS - Number(mark)) <= PARTS_WITHIN_SECONDS

/** Of pages that take words or a photo: what overtook the card is to be sent again. */
export const overtaken: Required<Pick<PageSpec, 'late'>> = { late: ({ say }) => say('notices.refused.late') }

/** Of pages that have buttons alone: one sentence says what they take, whatever was typed or sent. */
export const takesNothing = (sentence: string): Required<Pick<PageSpec, 'typed' | 'sent' | 'late'>> => ({
  typed: async ({ say }) => ({ notice: say(sentence) }),
  sent: async ({ say }) => ({ notice: say(sentence) }),
  late: ({ say }) => say(sentence),
})
