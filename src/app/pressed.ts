/** What the button says that was pressed. Several parts of the program ask for one press; it is read once. */
import { type Action, decodeAction } from '../core/action.js'
import type { Inbound } from './speech.js'

const read = new WeakMap<Inbound['content'], Action | undefined>()

/** Undefined for what is no press, and for data that this program did not write. */
export function pressed(content: Inbound['content']): Action | undefined {
  if (content.kind !== 'press') return undefined
  if (read.has(content)) return read.get(content)
  const action = decodeAction(content.data)
  read.set(content, action)
  return action
}
