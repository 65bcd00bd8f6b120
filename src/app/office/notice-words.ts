/** Why somebody did not get a notice, in words. */
import { UNSENT_REASONS } from '../../core/notice.js'
import type { Say } from '../words.js'

/** The program's own reasons in the reader's language; a channel's words as they are. */
export const reasonText = (say: Say, reason: string): string =>
  UNSENT_REASONS.some((one) => one === reason) ? say(`notice_progress.unsent.${reason}`) : reason
