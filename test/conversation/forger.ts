/** Presses that nobody's card offers, the same ones for the same seed: noise, spoiled buttons, and sound ones of others. */
import { DEEDS, PAGES } from '../../src/app/office/pages.js'
import { type Action, decodeAction, encodeAction } from '../../src/core/action.js'
import type { Dice } from '../oracle/sheets.js'

/** What is known of those whom the presses are aimed at. */
export type Loot = {
  /** Data of buttons that stood on their cards. */
  readonly buttons: readonly string[]
  readonly sheets: readonly string[]
  readonly questions: readonly string[]
  /** Ids of everything that pages and deeds take: assessments, communities, members, invitations, rounds. */
  readonly ids: readonly string[]
}

export type Forged = { readonly kind: string; readonly data: string }

/** Kinds of forgeries, and how many of a hundred are of each. */
const KINDS = { noise: 10, spoiled: 25, stolen: 20, sheet: 20, office: 20, odd: 5 } as const
type Kind = keyof typeof KINDS

const ODD = [
  '',
  ':',
  'P',
  'D',
  'a',
  'P:__proto__',
  'D:__proto__',
  'P:constructor',
  'D:constructor:x',
  'D:toString',
  'P:hasOwnProperty',
  'a:__proto__:constructor:0:yes',
  'D:submit\u0000',
  'P:summary:\u0000',
  '\u0000',
  '\ud800',
  '\udfff\ud800',
  'P:\ufffd\ufffd',
  '%00%ff',
  '\u202eP:home',
  '👍'.repeat(16),
  `D:leave:${"';--".repeat(3)}`,
  `P:detail:${'a'.repeat(60)}`,
  'a'.repeat(65),
  'P:summary:'.repeat(200),
  `a:${'s'.repeat(16)}:C5-01:zzzz:yes`,
  'a:../../x:C5-01:0:yes',
]
const EXTRA = [
  '0',
  '1',
  'on',
  'off',
  'in',
  'out',
  'G1',
  'G1-01',
  'C5-01.v1',
  'post.0',
  'name',
  'district',
  '7',
  '-1',
  '1e9',
]
const VALUES = ['yes', 'no', 'full', 'mostly', 'partly', 'none', '0', '100', '12.5', '1e3', 'constructor']
const ON_SHEET = [
  'mine',
  'next_open',
  'contents',
  'pause',
  'resume',
  'submit',
  'submit_confirmed',
  'restart',
  'restart_confirmed',
] as const
const ON_QUESTION = ['open', 'skip', 'previous', 'forward', 'explain', 'note', 'evidence'] as const
const ALPHABET = 'abzAZ019:._-sPD'

export function forge(dice: Dice, loot: Loot): Forged {
  const kind = kindOf(dice)
  return { kind, data: make(kind, dice, loot) }
}

function kindOf(dice: Dice): Kind {
  let left = dice.below(100)
  for (const [kind, share] of Object.entries(KINDS)) {
    if (left < share) return kind as Kind
    left -= share
  }
  return 'odd'
}

function make(kind: Kind, dice: Dice, loot: Loot): string {
  switch (kind) {
    case 'noise':
      return letters(dice.below(90), () => String.fromCharCode(dice.below(dice.next() < 0.5 ? 256 : 65_536)))
    case 'stolen':
      return dice.pick(loot.buttons)
    case 'spoiled':
      return spoil(dice, dice.pick(loot.buttons))
    case 'sheet':
      return encodeAction(onSheet(dice, loot))
    case 'office':
      return office(dice, loot)
    case 'odd':
      return dice.pick(ODD)
  }
}

function spoil(dice: Dice, data: string): string {
  const at = dice.below(data.length + 1)
  switch (dice.below(8)) {
    case 0:
      return data.slice(0, at)
    case 1:
      return data.slice(at)
    case 2:
      return data.slice(0, at) + dice.pick([...ALPHABET]) + data.slice(at)
    case 3:
      return data.slice(0, at) + dice.pick([...ALPHABET]) + data.slice(at + 1)
    case 4:
      return (
        data.slice(0, at) +
        String.fromCharCode(data.charCodeAt(Math.min(at, data.length - 1)) ^ (1 << dice.below(8))) +
        data.slice(at + 1)
      )
    case 5:
      return data.padEnd(65 + dice.below(100), ':0')
    case 6:
      return `${data}:${dice.pick(EXTRA)}`
    default:
      // The same button for another verb.
      return dice.pick([...'aqskcrtexUKuPDmnzg']) + data.slice(1)
  }
}

function onSheet(dice: Dice, { sheets, questions }: Loot): Action {
  const sheet = dice.pick(sheets)
  const question = dice.pick(questions)
  const revision = dice.below(4)
  switch (dice.below(6)) {
    case 0:
    case 1:
      return { do: dice.pick(['answer', 'answer_typed'] as const), sheet, question, revision, value: dice.pick(VALUES) }
    case 2:
      return { do: dice.pick(['not_applicable', 'use_condition'] as const), sheet, question, revision }
    case 3:
      return { do: dice.pick(ON_QUESTION), sheet, question }
    case 4:
      return { do: 'result', sheet, page: dice.pick(['total', 'path', 'weak'] as const) }
    default:
      return { do: dice.pick(ON_SHEET), sheet }
  }
}

function office(dice: Dice, { ids }: Loot): string {
  const name = dice.pick([...Object.keys(PAGES), ...Object.keys(DEEDS)])
  const rest = Array.from({ length: dice.below(3) }, () => dice.pick(dice.next() < 0.5 ? ids : EXTRA))
  return [dice.pick(['P', 'D']), name, dice.pick(ids), ...rest].join(':')
}

const letters = (count: number, one: () => string): string => Array.from({ length: count }, one).join('')

/** Pages and deeds about oneself, whatever stands behind their name. */
const OWN = ['home', 'closed', 'leave', 'practise']

/** Whether a press is about the presser alone (their language, their own data): no forgery, whoever made it. */
export function isAboutOneself(data: string): boolean {
  const action = decodeAction(data)
  if (action?.do === 'page' || (action?.do === 'deed' && action.name === 'practise')) return OWN.includes(action.name)
  return action !== undefined && !('sheet' in action) && action.do !== 'deed'
}
