/** What the button says that was pressed. Several parts of the program ask for one press; it is read once. */
import { type Action, decodeAction } from '../core/action.js'
import type { Inbound } from './speech.js'

/**
 * On the press itself, which is neither copied nor frozen: to put it into a map of presses would take as long as reading it. Null:
 * nothing of ours.
 */
const READ = Symbol('read')
type Press = { readonly data: string; [READ]?: Action | null }

/** Undefined for what is no press, and for data that this program did not write. */
export function pressed(content: Inbound['content']): Action | undefined {
  if (content.kind !== 'press') return undefined
  const press: Press = content
  if (press[READ] === undefined) press[READ] = decodeAction(press.data) ?? null
  return press[READ] ?? undefined
}
