/** A draft of a notice as the argument of a page or a deed: whose it is, what it still lacks, how it is changed. */
import { mayAnywhere } from '../../core/access.js'
import type { Selection } from '../../core/audience.js'
import { durationOf } from '../../core/notice.js'
import type { Desk } from '../desk.js'
import { type Formatted, lengthOf } from '../formatted.js'
import type { Notice, NoticeFields } from '../notices.js'
import { DISTRICT } from './places.js'
import { changeBy, type Ref, type Visit } from './visit.js'

/** UTF-16 units: of Telegram's 4096, and of the 1024 under a photo or file, with room for the line of a reminder. */
const LONGEST_TEXT = 3500
const LONGEST_CAPTION = 900

/** Of the notice that the first argument names, while it is a draft. */
export async function ofDraft({ desk, args }: Visit): Promise<string | null | undefined> {
  const notice = await desk.notices.notice(args[0] ?? '')
  return notice?.status === 'draft' ? notice.community : undefined
}

export const toDraft = ({ id }: Notice): Ref => ({ page: 'notice_draft', args: [id] })
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

/** Replies and everything else go before a notice, which so gets a little less than the gate lets through. */
const HEADROOM = 1.05

/** Milliseconds that sending takes. */
export const sendingTime = ({ broadcastPerSecond }: Desk, selection: Selection): number =>
  durationOf(pushesOf(selection), broadcastPerSecond / HEADROOM)
