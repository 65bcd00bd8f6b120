/** A notice in line, or the taking back of one → its card, or why it no longer matters to this person. */
import type { UnsentReason } from '../core/notice.js'
import type { Desk } from './desk.js'
import { noticeCard, withdrawnCard } from './notice-card.js'
import type { Card } from './speech.js'

/** Not for those who have acknowledged it meanwhile, who have no role any more where it is for, or who are none of its recipients. */
export async function toldNotice(
  { notices, locales, defaultLanguage }: Desk,
  person: string,
  language: string,
  { notice: id, wave }: { readonly notice: string; readonly wave: number },
): Promise<Card | UnsentReason> {
  const standing = await notices.standing(id, person)
  if (!standing) return 'past'
  const { notice, acknowledgedAt, belongs } = standing
  if (notice.withdrawnAt !== null || notice.status === 'cancelled') return 'past'
  if (acknowledgedAt !== null) return 'acknowledged'
  if (!belongs) return 'left'
  return noticeCard(locales.in(language), notice, language, defaultLanguage, { wave, acknowledged: null })
}

/** What stands where the notice stood, for a channel that cannot delete it. */
export async function toldWithdrawal(
  { notices, locales, defaultLanguage }: Desk,
  language: string,
  { notice: id }: { readonly notice: string },
): Promise<Card | UnsentReason> {
  const notice = await notices.notice(id)
  return notice ? withdrawnCard(locales.in(language), notice, language, defaultLanguage) : 'past'
}
