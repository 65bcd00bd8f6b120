/**
 * What a button does, and its text form of at most 64 bytes (the Bot API's bound for callback_data, kept on every channel).
 * A button says which sheet, question and revision it was drawn for, so that an old one can never answer another question.
 */
import { RESULT_PAGES, type ResultPage } from './session.js'

/** https://core.telegram.org/bots/api#inlinekeyboardbutton: callback_data is 1 to 64 bytes. */
export const LONGEST_ACTION_BYTES = 64

export type Action =
  | { do: 'answer' | 'answer_typed'; sheet: string; question: string; revision: number; value: string }
  | { do: 'not_applicable' | 'use_condition'; sheet: string; question: string; revision: number }
  | { do: 'open' | 'skip' | 'previous' | 'forward' | 'explain' | 'note' | 'evidence'; sheet: string; question: string }
  | { do: 'section'; sheet: string; section: string }
  | { do: 'result'; sheet: string; page: ResultPage }
  | {
      do:
        | 'mine'
        | 'next_open'
        | 'contents'
        | 'pause'
        | 'resume'
        | 'submit'
        | 'submit_confirmed'
        | 'restart'
        | 'restart_confirmed'
      sheet: string
    }
  | { do: 'acknowledge'; notice: string }
  | { do: 'language'; language: string }
  /** Opens a page of the office, or does something there; what the arguments mean is the page's business. */
  | { do: 'page' | 'deed'; name: string; args: readonly string[] }
  | { do: 'begin' | 'back' | 'privacy' | 'export_data' | 'erase' | 'erase_confirmed' }

// biome-ignore format: a table of letters
const VERBS = {
  answer: 'a', answer_typed: 'w', not_applicable: 'x', use_condition: 'y', open: 'q', skip: 's', previous: 'p',
  forward: 'f', explain: 'h', note: 't', evidence: 'e', section: 'c', result: 'r', contents: 'i', pause: 'z', resume: 'g',
  submit: 'u', submit_confirmed: 'U', restart: 'k', restart_confirmed: 'K', language: 'l', begin: 'b', back: 'j',
  mine: 'm', next_open: 'n', acknowledge: 'A', page: 'P', deed: 'D', privacy: 'v', export_data: 'd', erase: 'o', erase_confirmed: 'O',
} as const satisfies Record<Action['do'], string>
const BY_LETTER = new Map(Object.entries(VERBS).map(([verb, letter]) => [letter as string, verb as Action['do']]))

const SHEET = /^[a-z0-9]{6,16}$/
const QUESTION = /^[A-Za-z][A-Za-z0-9-]{0,11}(?:\.v[1-9])?$/
/** Without leading zeros, so that there is one way to write it. */
const REVISION = /^(?:0|[1-9a-z][0-9a-z]{0,3})$/
const VALUE = /^[a-z0-9_.]{1,16}$/
const NAME = /^[a-z_]{1,16}$/
const ARGUMENT = /^[A-Za-z0-9_.-]{1,24}$/
const MOST_ARGUMENTS = 5

/** Text form, for example `a:s7k2m9qx4t:C5-01.v2:0:no`. Throws where it would exceed the bound or could not be read back. */
export function encodeAction(action: Action): string {
  const text = [VERBS[action.do], ...argumentsOf(action)].join(':')
  if (text.length > LONGEST_ACTION_BYTES) throw new Error(`Expected an action of at most 64 bytes, got \`${text}\``)
  if ('args' in action && !isReadable(action))
    throw new Error(`Expected a name and arguments that can be read back, got \`${text}\``)
  return text
}

const isReadable = ({ name, args }: { name: string; args: readonly string[] }): boolean =>
  NAME.test(name) && args.length <= MOST_ARGUMENTS && args.every((one) => ARGUMENT.test(one))

/**
 * Whether a button of ours, of this or an earlier version, can have had this data. Quick, and true for much that cannot be
 * read; what it denies need not be looked at any further.
 */
export const looksLikeAction = (text: string): boolean =>
  text.length <= LONGEST_ACTION_BYTES && /^[A-Za-z](?::[A-Za-z0-9_.-]{1,24})*$/.test(text)

/** Reads a button's data; undefined for anything that this program did not write. */
export function decodeAction(text: string): Action | undefined {
  if (text.length > LONGEST_ACTION_BYTES) return undefined
  const [letter = '', ...parts] = text.split(':')
  const verb = BY_LETTER.get(letter)
  if (!verb) return undefined
  const action = build(verb, parts)
  // Only the one canonical form is ours: what `build` reads it has checked, and nothing may be left over.
  return action && argumentsOf(action).length === parts.length ? action : undefined
}

function argumentsOf(action: Action): string[] {
  switch (action.do) {
    case 'answer':
    case 'answer_typed':
      return [action.sheet, action.question, action.revision.toString(36), action.value]
    case 'not_applicable':
    case 'use_condition':
      return [action.sheet, action.question, action.revision.toString(36)]
    case 'open':
    case 'skip':
    case 'previous':
    case 'forward':
    case 'explain':
    case 'note':
    case 'evidence':
      return [action.sheet, action.question]
    case 'section':
      return [action.sheet, action.section]
    case 'result':
      return [action.sheet, action.page]
    case 'mine':
    case 'next_open':
    case 'contents':
    case 'pause':
    case 'resume':
    case 'submit':
    case 'submit_confirmed':
    case 'restart':
    case 'restart_confirmed':
      return [action.sheet]
    case 'acknowledge':
      return [action.notice]
    case 'language':
      return [action.language]
    case 'page':
    case 'deed':
      return [action.name, ...action.args]
    case 'begin':
    case 'back':
    case 'privacy':
    case 'export_data':
    case 'erase':
    case 'erase_confirmed':
      return []
  }
}

function build(verb: Action['do'], parts: readonly string[]): Action | undefined {
  const [a = '', b = '', c = '', d = ''] = parts
  switch (verb) {
    case 'answer':
    case 'answer_typed':
      return SHEET.test(a) && QUESTION.test(b) && REVISION.test(c) && VALUE.test(d)
        ? { do: verb, sheet: a, question: b, revision: Number.parseInt(c, 36), value: d }
        : undefined
    case 'not_applicable':
    case 'use_condition':
      return SHEET.test(a) && QUESTION.test(b) && REVISION.test(c)
        ? { do: verb, sheet: a, question: b, revision: Number.parseInt(c, 36) }
        : undefined
    case 'open':
    case 'skip':
    case 'previous':
    case 'forward':
    case 'explain':
    case 'note':
    case 'evidence':
      return SHEET.test(a) && QUESTION.test(b) ? { do: verb, sheet: a, question: b } : undefined
    case 'section':
      return SHEET.test(a) && QUESTION.test(b) ? { do: verb, sheet: a, section: b } : undefined
    case 'result': {
      const page = RESULT_PAGES.find((one) => one === b)
      return SHEET.test(a) && page ? { do: verb, sheet: a, page } : undefined
    }
    case 'page':
    case 'deed': {
      const args = parts.slice(1)
      return isReadable({ name: a, args }) ? { do: verb, name: a, args } : undefined
    }
    case 'mine':
    case 'next_open':
    case 'contents':
    case 'pause':
    case 'resume':
    case 'submit':
    case 'submit_confirmed':
    case 'restart':
    case 'restart_confirmed':
      return SHEET.test(a) ? { do: verb, sheet: a } : undefined
    case 'acknowledge':
      return SHEET.test(a) ? { do: verb, notice: a } : undefined
    case 'language':
      return /^[a-z]{2}(?:-[A-Z]{2})?$/.test(a) ? { do: verb, language: a } : undefined
    case 'begin':
    case 'back':
    case 'privacy':
    case 'export_data':
    case 'erase':
    case 'erase_confirmed':
      return { do: verb }
  }
}
