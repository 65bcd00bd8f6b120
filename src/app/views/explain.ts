/** 说明: the requirement itself and whose words it is, how it is scored, what to have at hand. */

import type { Prompts } from '../../content/prompts.js'
import type { Indicator } from '../../core/rubric.js'
import { bold, italic, lines, type Span } from '../rich.js'
import type { Card } from '../speech.js'
import { promptsOf, quantity, type Say, term } from '../words.js'
import { button, type SheetScene } from './view.js'

export function explainCard(scene: SheetScene): Card {
  const { book, say, language, question } = scene
  const prompts = promptsOf(book, language)
  if (!('indicator' in question)) return { text: lines(say('explain.extra')), rows: backRow(scene) }
  const { indicator } = question
  const words = prompts.indicators[indicator.id]!
  const { provenance } = indicator
  const marked = (key: string, source: 'verbatim' | 'draft'): (string | Span)[] => [
    bold(say(key)),
    ' ',
    italic(say(`source.${source}`)),
  ]
  const list = (items: readonly string[] | undefined): string[] => (items ?? []).map((one) => `· ${one}`)
  const text = lines(
    scene.notice === null ? undefined : [bold(scene.notice), '\n'],
    bold(`${indicator.id} ${words.title}`),
    '',
    marked('explain.requirement', provenance.requirement),
    { text: indicator.requirement, style: 'quote' },
    ...(words.requirement ? [italic(say('explain.translation')), words.requirement] : []),
    ...(words.checks ? [bold(say('explain.checks')), ...list(words.checks)] : []),
    '',
    marked('explain.scoring', provenance.scoring),
    say('explain.points', { points: indicator.points }),
    ...scoringLines(book.rubric.options, indicator, prompts, say),
    ...(provenance.target === 'verbatim' ? [italic(say('explain.target_verbatim'))] : []),
    ...(words.vetoes ? [say('explain.vetoes'), ...list(words.vetoes)] : []),
    ...(words.not_applicable ? [say('explain.not_applicable', { condition: words.not_applicable })] : []),
    '',
    marked('explain.evidence', provenance.guidance),
    ...list(words.evidence),
    say('explain.methods', { methods: indicator.methods.map((one) => term(prompts, one)).join(say('list.comma')) }),
    say('explain.post', { post: term(prompts, indicator.post) }),
    ...(indicator.clause ? [say('explain.clause', { clause: indicator.clause })] : []),
    ...(provenance.note && language.startsWith('zh') ? [say('explain.remark', { note: provenance.note })] : []),
  )
  return { text, rows: backRow(scene) }
}

/** How an indicator is scored, said from its numbers; never from a text that could disagree with them. */
function scoringLines(
  options: { level4: readonly { key: string; ratio: number }[]; yesno: readonly { key: string; ratio: number }[] },
  { answer, points }: Indicator,
  prompts: Prompts,
  say: Say,
): string[] {
  switch (answer.type) {
    case 'level4':
    case 'yesno':
      return options[answer.type].map(({ key, ratio }) =>
        say('explain.option', { option: prompts.options[answer.type][key]!, share: Math.round(ratio * 1000) / 10 }),
      )
    case 'percent':
    case 'threshold': {
      const unit = answer.type === 'percent' ? '%' : answer.unit
      const amount = (value: number) => quantity(prompts, String(value), unit)
      if (answer.bands)
        return answer.bands.map(({ from, lose }) => say('explain.band', { from: amount(from), points: points - lose }))
      const key = answer.target > answer.floor ? 'explain.line_up' : 'explain.line_down'
      return [say(key, { target: amount(answer.target), floor: amount(answer.floor) })]
    }
    case 'deduct':
      return [
        say(answer.free > 0 ? 'explain.deduct_free' : 'explain.deduct', {
          unit: term(prompts, answer.unit),
          per: answer.per,
          free: answer.free,
        }),
      ]
  }
}

const backRow = ({ say, sheet, question }: SheetScene) => [
  [button(say('button.back_to_question'), { do: 'open', sheet: sheet.id, question: question.id })],
]
