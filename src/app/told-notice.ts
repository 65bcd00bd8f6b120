/** A notice in line, or the taking back of one → its card; undefined where it no longer matters to this person. */
import type { Desk } from './desk.js'
import { noticeCard, withdrawnCard } from './notice-card.js'
import type { Card } from './speech.js'

/** Not for those who have acknowledged it meanwhile, who have no role any more where it is for, or who are none of its recipients. */
export async function toldNotice(
  { notices, locales, defaultLanguage }: Desk,
  person: string,
  language: string,
  { notice: id, wave }: { readonly notice: string; readonly wave: number },
): Promise<Card | undefined> {
  const standing = await notices.standing(id, person)
  if (!standing?.belongs || standing.acknowledgedAt !== null) return undefined
  const { notice } = standing
  if (notice.withdrawnAt !== null || notice.status === 'cancelled') return undefined
  return noticeCard(locales.in(language), notice, language, defaultLanguage, { wave, acknowledged: null })
}

/** What stands where the notice stood, for a channel that cannot delete it. */
export async function toldWithdrawal(
  { notices, locales, defaultLanguage }: Desk,
  language: string,
  { notice: id }: { readonly notice: string },
): Promise<Card | undefined> {
  const notice = await notices.notice(id)
  return notice && withdrawnCard(locales.in(language), notice, language, defaultLanguage)
}
