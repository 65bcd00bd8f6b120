/** Lines that every view of a score shares: total and grade, rates, weak indicators; and fitting them onto a card. */
import type { Prompts } from '../../content/prompts.js'
import { compare, exact, format } from '../../core/exact.js'
import { cutoffOf, type Grade } from '../../core/grade.js'
import type { Rubric } from '../../core/rubric.js'
import { gradingTotal, type IndicatorScore, type LevelScore, lostPoints, type SheetScore } from '../../core/score.js'
import { bold, lines, plain, type Rich, type Span } from '../rich.js'
import { LONGEST_CARD } from '../speech.js'
import type { Say } from '../words.js'
import { percentText, rateBar } from './bar.js'

export type Line = string | Span | readonly (string | Span)[] | undefined
/** A score with the words to speak of it. */
export type Scored = {
  readonly say: Say
  readonly prompts: Prompts
  readonly rubric: Rubric
  readonly score: SheetScore
  readonly grade: Grade
}

/** Total and grade, or the open state; with the reason where a grade is withheld or a rounded total looks higher than it is. */
export function headline(scene: Scored): Line[] {
  const { say, score, grade, rubric, prompts } = scene
  if (grade.kind === 'open')
    return [
      say('result.answered', {
        answered: grade.answered,
        asked: grade.asked,
        share: percentText(exactShare(grade.answered, grade.asked)),
      }),
      ...(score.answered > 0
        ? [say('result.rate_so_far', { rate: percentText(exactShareOf(score, rubric.scale)) })]
        : []),
      bold(say('result.range', { least: format(score.least, 1), most: format(score.most, 1) })),
      ...(score.vetoes.length > 0 ? [bold(say('result.veto_so_far'))] : []),
      say('result.no_grade_yet'),
    ]
  const total = bold(say('result.total', { total: format(score.total, 1), scale: rubric.scale }))
  const extra =
    score.extra.n === 0n
      ? []
      : [say('result.extra', { extra: format(score.extra, 1), ranking: format(gradingTotal(score), 1) })]
  switch (grade.kind) {
    case 'graded':
      return [total, bold(say('result.grade', { grade: grade.code })), ...extra, ...roundingLine(scene)]
    case 'below':
      return [total, bold(say('result.grade', { grade: say('grade.below') })), ...extra, ...roundingLine(scene)]
    case 'withheld':
      return [
        total,
        bold(say('result.grade', { grade: say('grade.withheld') })),
        ...extra,
        ...grade.vetoes.map((id) => say('result.veto', { question: vetoWords(prompts, id) })),
        ...grade.disqualifiers.map((id) => say('result.disqualifier', { finding: prompts.extras[id] ?? id })),
      ]
  }
}

/** 899.96 reads 900.0 beside the grade below 900: then the unrounded value is shown as well. */
function roundingLine({ say, score, rubric }: Scored): Line[] {
  const total = gradingTotal(score)
  const shown = exact(format(total, 1))
  const crossed = rubric.grades.some(({ code }) => {
    const cutoff = cutoffOf(rubric, code)
    return compare(shown, cutoff) >= 0 && compare(total, cutoff) < 0
  })
  return crossed ? [say('result.unrounded', { total: format(total, 4, 'down') })] : []
}

export function rateLine(level: LevelScore, prompts: Prompts, say: Say): string {
  const name = prompts.levels[level.id]!
  return level.rate === null ? say('result.no_rate', { name }) : `${rateBar(level.rate)} ${name}`
}

/** A weak indicator with `most` usual reasons and suggestions. */
export function weakLines(
  { say, prompts }: Pick<Scored, 'say' | 'prompts'>,
  one: IndicatorScore,
  number: number,
  most: number,
): Line[] {
  const words = prompts.indicators[one.id]!
  return [
    bold(say('result.weak_item', { number, id: one.id, title: words.title, lost: format(lostPoints(one), 1) })),
    say('result.reasons', { list: words.reasons.slice(0, most).join(say('list.semicolon')) }),
    say('result.suggestions', { list: words.suggestions.slice(0, most).join(say('list.semicolon')) }),
  ]
}

const vetoWords = (prompts: Prompts, id: string): string => {
  const [indicator = '', number = 'v1'] = id.split('.')
  return prompts.indicators[indicator]?.vetoes?.[Number(number.slice(1)) - 1] ?? id
}

/** Drops lines from the end of the body while a page would pass the channel's limit, and says that it did. */
export function fitted(head: readonly Line[], body: readonly Line[], tail: readonly Line[], cut: string): Rich {
  for (let kept = body.length; ; kept -= 1) {
    const shown = kept < body.length ? [...body.slice(0, kept), cut] : body
    const text = lines(...head, ...shown, ...tail)
    if (plain(text).length <= LONGEST_CARD || kept === 0) return text
  }
}

export const exactShare = (part: number, whole: number) => ({ n: BigInt(part), d: BigInt(Math.max(1, whole)) })
const exactShareOf = (score: SheetScore, scale: number) => ({ n: score.total.n, d: score.total.d * BigInt(scale) })
