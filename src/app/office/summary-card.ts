/** The head's card: how far, how good, what is weak, what has changed, where the community stands. */
import { gradeOf } from '../../core/grade.js'
import { phaseOf } from '../../core/round.js'
import type { LevelScore } from '../../core/score.js'
import { weakIndicators } from '../../core/score.js'
import { momentText } from '../moments.js'
import { bold, italic, type Rich } from '../rich.js'
import { bar } from '../views/bar.js'
import { fitted, headline, type Line, rateLine, type Scored, weakLines } from '../views/score-lines.js'
import { promptsOf } from '../words.js'
import type { Before, View } from './standings.js'
import type { Visit } from './visit.js'

const WEAK_SHOWN = 5
/** With fewer, a median would name the others. */
export const FEWEST_FOR_MEDIAN = 3

/** Fitted onto a card: of the rates and the weak list, as much as there is room for. */
export function summaryText(visit: Visit, view: View, before: Before | undefined): Rich {
  const { say, language } = visit
  const { assessment, book, result } = view
  const { round, community } = assessment
  const scored = scoredOf(visit, view)
  const deadline = momentText(round.deadline.getTime(), round.timeZone, language)
  const head: Line[] = [
    bold(`${community.name} · ${round.name}`),
    assessment.status === 'submitted'
      ? say('summary.submitted', { when: momentText(assessment.submittedAt!.getTime(), round.timeZone, language) })
      : say(`summary.phase_${phaseOf(round, visit.now)}`, { deadline }),
    ...progressLines(visit, view),
    ...headline(scored),
    ...changeOfTotal(visit, before),
    ...medianLine(visit, view),
    '',
    bold(say('result.first_level')),
    ...view.score.first.map((level) => rateLine(level, scored.prompts, say)),
  ]
  const body: Line[] = [
    bold(before ? say('summary.second_since', { round: before.assessment.round.name }) : say('result.second_level')),
    ...view.score.second.map((level) => changed(rateLine(level, scored.prompts, say), level, before)),
    ...incomparable(visit, before),
    '',
    ...weakPart(visit, view, scored),
  ]
  const tail: Line[] = book.rubric.status === 'draft' ? ['', italic(say('result.draft'))] : []
  return fitted(head, result.answered === 0 ? [] : body, tail, say('result.cut'))
}

export const scoredOf = ({ say, language }: Visit, { book, score }: View): Scored => ({
  say,
  prompts: promptsOf(book, language),
  rubric: book.rubric,
  score,
  grade: gradeOf(book.rubric, score),
})

function progressLines({ say }: Visit, view: View): Line[] {
  const { assessment, people, unowned, clashes, sentBack, spread, result } = view
  const individual = assessment.round.mode === 'individual'
  const submitted = people.filter((one) => one.submitted).length
  const busy = people.filter(({ count }) => count > 0)
  const through = busy.filter(({ owes }) => owes === 'nothing').length
  const progress = individual
    ? say('summary.sheets', { submitted, people: people.length })
    : `${bar(result.answered / Math.max(1, result.asked))} ${say('summary.people', { done: through, people: busy.length })}`
  return [
    progress,
    ...(!individual && unowned.length > 0 ? [say('summary.unowned', { count: unowned.length })] : []),
    ...(sentBack.length > 0 ? [say('summary.sent_back', { count: sentBack.length })] : []),
    ...(clashes.length > 0 ? [bold(say('summary.clashes', { count: clashes.length }))] : []),
    ...(spread.length > 0 ? [bold(say('summary.spread', { count: spread.length }))] : []),
    '',
  ]
}

function changeOfTotal({ say }: Visit, before: Before | undefined): Line[] {
  if (!before) return []
  const { total } = before.change
  const round = before.assessment.round.name
  if (total.kind === 'changed') return [say('summary.total_change', { round, by: signed(total.by) })]
  return total.kind === 'incomparable' ? [say('summary.total_incomparable', { round })] : []
}

/** A rate's line with how many percentage points it rose or fell; as it is where that cannot be said. */
function changed(line: string, { id }: LevelScore, before: Before | undefined): string {
  const change = before?.change.second.find((one) => one.id === id)
  if (change?.kind !== 'changed') return line
  const arrow = change.by > 0 ? '↑' : change.by < 0 ? '↓' : '＝'
  return `${line} ${arrow}${change.by === 0 ? '' : Math.abs(change.by).toFixed(1)}`
}

/** Says which second levels cannot be compared, because the rubric has changed there. */
function incomparable({ say, language }: Visit, before: Before | undefined): Line[] {
  if (!before) return []
  const ids = before.change.second.filter(({ kind }) => kind === 'incomparable').map(({ id }) => id)
  if (ids.length === 0) return []
  if (ids.length === before.change.second.length) return [italic(say('summary.all_incomparable'))]
  const { levels } = promptsOf(before.book, language)
  return [italic(say('summary.incomparable', { list: ids.map((id) => levels[id] ?? id).join(say('list.comma')) }))]
}

/** Against the district's median of the submitted, without naming anybody. */
function medianLine({ say }: Visit, { assessment, result }: View): Line[] {
  const { median, submitted } = assessment.round
  if (median === null || submitted < FEWEST_FOR_MEDIAN) return [say('summary.no_median', { least: FEWEST_FOR_MEDIAN })]
  if (result.grade.kind === 'open')
    return [say('summary.median', { median: Number(median).toFixed(1), count: submitted })]
  const by = signed(Number(result.total) - Number(median))
  return [say('summary.median_by', { median: Number(median).toFixed(1), count: submitted, by })]
}

function weakPart({ say }: Visit, { book, score }: View, scored: Scored): Line[] {
  const weak = weakIndicators(book.questionnaire, score)
  if (weak.length === 0) return scored.grade.kind === 'open' ? [] : [say('result.no_weak')]
  const rest = weak.length - WEAK_SHOWN
  return [
    bold(say('result.weak', { count: weak.length, share: book.rubric.scoring.weak.rate_below * 100 })),
    ...weak.slice(0, WEAK_SHOWN).map((one, i) => weakLines(scored, one, i + 1, 0)[0]),
    ...(rest > 0 ? [say('result.weak_more', { count: rest })] : []),
  ]
}

const signed = (by: number): string => `${by > 0 ? '+' : by < 0 ? '−' : '±'}${Math.abs(by).toFixed(1)}`
