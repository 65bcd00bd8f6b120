/** What a card is for, read off its buttons as a person reads it off their labels. */
import { decodeAction } from '../../src/core/action.js'
import type { ShownCard } from './bot-api.js'

export type Option = { readonly data: string; readonly value: string }
export type Asked = {
  readonly at: 'question' | 'confirm'
  /** Message id. */
  readonly card: number
  readonly question: string
  readonly revision: number
  readonly options: readonly Option[]
  /** Marked as the answer that stands. */
  readonly chosen: string | undefined
}
export type Read =
  | Asked
  | { readonly at: 'note'; readonly card: number; readonly question: string }
  | { readonly at: 'submit' | 'end' | 'submitted' | 'elsewhere'; readonly card: number }

export function read({ id: card, text, buttons }: ShownCard): Read {
  const actions = buttons.map(([label, data]) => ({ label, data, action: decodeAction(data) }))
  const answers = actions.flatMap(({ label, data, action }) =>
    action?.do === 'answer' || action?.do === 'answer_typed' ? [{ label, data, action }] : [],
  )
  const [first] = answers
  if (first)
    return {
      at: first.action.do === 'answer' ? 'question' : 'confirm',
      card,
      question: first.action.question,
      revision: first.action.revision,
      options: answers.map(({ data, action }) => ({ data, value: action.value })),
      chosen: answers.find(({ label }) => label.startsWith('✓ '))?.action.value,
    }
  const back = actions.find(({ action }) => action?.do === 'open')?.action
  if (text.includes('请发一句备注') && back?.do === 'open') return { at: 'note', card, question: back.question }
  const has = (what: string) => actions.some(({ action }) => action?.do === what)
  if (has('submit_confirmed')) return { at: 'submit', card }
  if (has('submit')) return { at: 'end', card }
  return { at: text.includes('已提交') ? 'submitted' : 'elsewhere', card }
}

/** The data of the button that does this, the nth where there are several. */
export function buttonTo({ buttons }: ShownCard, what: string, chance = 0): string | undefined {
  const all = buttons.filter(([, data]) => decodeAction(data)?.do === what)
  return all[Math.floor(chance * all.length)]?.[1]
}
