/** What is logged of a press that was refused: why, never what it said or who sent it. */
import type { Log } from './desk.js'

/**
 * `unreadable`: not one of our buttons. `foreign_sheet`: a sheet of others. `not_allowed`: beyond the person's roles. `gone`:
 * about something that is not there. `outdated`: of another time or place; a double tap leaves that too.
 */
export type Refusal = 'unreadable' | 'foreign_sheet' | 'not_allowed' | 'gone' | 'outdated'

export function logRefusal({ log }: { readonly log: Log }, reason: Refusal): void {
  // The last two happen to honest people every day.
  const level = reason === 'gone' || reason === 'outdated' ? 'info' : 'warn'
  log[level]({ reason }, 'a press was refused')
}
