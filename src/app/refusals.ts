/** What is logged of a press that was refused: why, never what it said or who sent it. */
import type { Log } from './desk.js'

/** `unreadable`: not one of our buttons. `foreign_sheet`: a sheet of others. `not_allowed`: beyond the person's roles. */
export type Refusal = 'unreadable' | 'foreign_sheet' | 'not_allowed'

export function logRefusal({ log }: { readonly log: Log }, reason: Refusal): void {
  log.warn({ reason }, 'a press was refused')
}
