/** The result: total and grade, or while anything is open the answered share and what can still be reached. */
import type { Prompts } from '../../content/prompts.js'
import { compare, exact, format } from '../../core/exact.js'
import { cutoffOf, type Grade, gradeOf } from '../../core/grade.js'
import { type Path, shortestPath } from '../../core/path.js'
import {
  gradingTotal,
  type IndicatorScore,
  type LevelScore,
  lostPoints,
  type SheetScore,
  scoreSheet,
  weakIndicators,
} from '../../core/score.js'
import { type ResultPage, WEAK_PAGES } from '../../core/session.js'
import { bold, italic, lines, plain, type Rich, type Span } from '../rich.js'
import { type Button, type Card, LONGEST_CARD } from '../speech.js'
import { promptsOf } from '../words.js'
import { percentText, rateBar } from './bar.js'
import { button, type SheetScene } from './view.js'

/** How many weak indicators and steps stand on the first page; all of them on their own pages. */
const WEAK_ON_FIRST = 5
const STEPS_ON_FIRST = 12
const WEAK_PER_PAGE = 6
/** Characters of the hash that are shown; enough to tell versions apart by eye. */
const HASH_SHOWN = 12

type Line = string | Span | readonly (string | Span)[] | undefined
type Scored = SheetScene & { score: SheetScore; grade: Grade; prompts: Prompts; weak: IndicatorScore[] }

export function resultCard(scene: SheetScene, page: ResultPage): Card {
  const { book, language, loaded } = scene
  const score = scoreSheet(book.questionnaire, loaded.answers ?? new Map())
  const scored: Scored = {
    ...scene,
    score,
    grade: gradeOf(book.rubric, score),
    prompts: promptsOf(book, language),
    weak: weakIndicators(book.questionnaire, score),
  }
  const notice: Line[] = scene.notice === null ? [] : [[bold(scene.notice), '\n']]
  if (page === 'total') return { text: totalPage(scored, notice), rows: rows(scored, page) }
  const body = page === 'path' ? pathPage(scored) : weakPage(scored, page)
  return { text: fitted(notice, body, [], scene.say('result.cut')), rows: rows(scored, page) }
}

/** The grade, the rates and whose table it is always stand there; of the lists between them, as much as fits. */
function totalPage(scene: Scored, notice: readonly Line[]): Rich {
  const { say, score, book, prompts, weak, sheet } = scene
  const { rubric } = book
  const head = [
    ...notice,
    bold(say(sheet.status === 'submitted' ? 'result.submitted' : 'result.preview')),
    ...headline(scene),
    '',
    bold(say('result.first_level')),
    ...score.first.map((level) => rateLine(level, prompts, say)),
    bold(say('result.second_level')),
    ...score.second.map((level) => rateLine(level, prompts, say)),
  ]
  const body = [...weakSummary(scene, weak), ...pathLines(scene, STEPS_ON_FIRST), ...notApplicableLines(scene)]
  if (body.at(-1) === '') body.pop() // each part ends with a blank line, and so does the page without it
  const tail = [
    '',
    ...(rubric.status === 'draft' ? [italic(say('result.draft'))] : []),
    say('result.rubric', { id: rubric.id, version: rubric.version, hash: book.hash.slice(0, HASH_SHOWN) }),
  ]
  return fitted([...head, ...(body.length > 0 ? [''] : [])], body, tail, say('result.cut'))
}

/** Total and grade, or the open state; with the reason where a grade is withheld or a rounded total looks higher than it is. */
function headline(scene: Scored): Line[] {
  const { say, score, grade, book, prompts } = scene
  const { rubric } = book
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
function roundingLine({ say, score, book }: Scored): Line[] {
  const total = gradingTotal(score)
  const shown = exact(format(total, 1))
  const crossed = book.rubric.grades.some(({ code }) => {
    const cutoff = cutoffOf(book.rubric, code)
    return compare(shown, cutoff) >= 0 && compare(total, cutoff) < 0
  })
  return crossed ? [say('result.unrounded', { total: format(total, 4, 'down') })] : []
}

function rateLine(level: LevelScore, prompts: Prompts, say: Scored['say']): string {
  const name = prompts.levels[level.id]!
  return level.rate === null ? say('result.no_rate', { name }) : `${rateBar(level.rate)} ${name}`
}

function weakSummary(scene: Scored, weak: readonly IndicatorScore[]): Line[] {
  const { say } = scene
  if (weak.length === 0) return scene.grade.kind === 'open' ? [] : [say('result.no_weak'), '']
  const rest = weak.length - WEAK_ON_FIRST
  return [
    bold(say('result.weak', { count: weak.length, share: scene.book.rubric.scoring.weak.rate_below * 100 })),
    ...weak.slice(0, WEAK_ON_FIRST).flatMap((one, i) => weakLines(scene, one, i + 1, 1)),
    ...(rest > 0 ? [say('result.weak_more', { count: rest })] : []),
    '',
  ]
}

function weakLines({ say, prompts }: Scored, one: IndicatorScore, number: number, most: number): Line[] {
  const words = prompts.indicators[one.id]!
  return [
    bold(say('result.weak_item', { number, id: one.id, title: words.title, lost: format(lostPoints(one), 1) })),
    say('result.reasons', { list: words.reasons.slice(0, most).join(say('list.semicolon')) }),
    say('result.suggestions', { list: words.suggestions.slice(0, most).join(say('list.semicolon')) }),
  ]
}

function pathLines(scene: Scored, most: number): Line[] {
  const { say, grade, book, score, prompts } = scene
  if (grade.kind === 'open') return []
  const path: Path = shortestPath(book.rubric, score)
  switch (path.kind) {
    case 'top':
      return [say('path.top'), '']
    case 'none':
      return [say(`path.none_${path.why}`), '']
    case 'path': {
      const rest = path.steps.length - most
      return [
        bold(say('path.title', { grade: path.to, count: path.steps.length, total: format(path.total, 1) })),
        ...path.steps.slice(0, most).map(({ id, gain, vetoed }) =>
          say(vetoed ? 'path.step_vetoed' : 'path.step', {
            id,
            title: prompts.indicators[id]!.title,
            gain: format(gain, 1),
          }),
        ),
        ...(rest > 0 ? [say('path.more', { count: rest })] : []),
        ...(path.steps.some(({ vetoed }) => vetoed) ? [say('path.veto_note')] : []),
        '',
      ]
    }
  }
}

function notApplicableLines({ say, score, loaded, prompts }: Scored): Line[] {
  const away = score.indicators.filter(({ state }) => state === 'not_applicable')
  if (away.length === 0) return []
  return [
    bold(say('result.not_applicable', { count: away.length })),
    ...away.map(({ id }) => {
      const reason = loaded.answers?.get(id)?.notApplicable ?? ''
      return say('result.not_applicable_item', { id, title: prompts.indicators[id]!.title, reason })
    }),
  ]
}

function pathPage(scene: Scored): Line[] {
  const body = pathLines(scene, Number.POSITIVE_INFINITY)
  return body.length > 0 ? body : [scene.say('path.none_open')]
}

function weakPage(scene: Scored, page: ResultPage): Line[] {
  const { say, weak } = scene
  const from = Math.max(0, (WEAK_PAGES as readonly string[]).indexOf(page)) * WEAK_PER_PAGE
  if (weak.length === 0) return [say('result.no_weak')]
  return [
    bold(say('result.weak', { count: weak.length, share: scene.book.rubric.scoring.weak.rate_below * 100 })),
    ...weak.slice(from, from + WEAK_PER_PAGE).flatMap((one, i) => weakLines(scene, one, from + i + 1, 2)),
  ]
}

function rows({ say, sheet, grade, weak, book, score }: Scored, page: ResultPage): Button[][] {
  const to = (label: string, target: ResultPage) => button(label, { do: 'result', sheet: sheet.id, page: target })
  const more: Button[] = []
  if (page !== 'total') more.push(to(say('button.back_to_result'), 'total'))
  const at = (WEAK_PAGES as readonly string[]).indexOf(page)
  const pages = Math.min(WEAK_PAGES.length, Math.ceil(weak.length / WEAK_PER_PAGE))
  if (at > 0) more.push(to(say('button.page_before'), WEAK_PAGES[at - 1]!))
  if (at >= 0 && at + 1 < pages) more.push(to(say('button.page_after'), WEAK_PAGES[at + 1]!))
  if (page === 'total' && weak.length > 0) more.push(to(say('button.weak'), 'weak'))
  if (page === 'total' && hasPath(book, score)) more.push(to(say('button.path'), 'path'))
  if (sheet.status === 'submitted')
    return [more, [button(say('button.restart'), { do: 'restart', sheet: sheet.id })]].filter((row) => row.length > 0)
  const change = button(say('button.contents'), { do: 'contents', sheet: sheet.id })
  const last =
    grade.kind === 'open'
      ? [button(say('button.continue'), { do: 'resume', sheet: sheet.id }), change]
      : [button(say('button.submit'), { do: 'submit', sheet: sheet.id }), change]
  return [last, more].filter((row) => row.length > 0)
}

const vetoWords = (prompts: Prompts, id: string): string => {
  const [indicator = '', number = 'v1'] = id.split('.')
  return prompts.indicators[indicator]?.vetoes?.[Number(number.slice(1)) - 1] ?? id
}

const hasPath = (book: Scored['book'], score: SheetScore): boolean => shortestPath(book.rubric, score).kind === 'path'

/** Drops lines from the end of the body while a page would pass the channel's limit, and says that it did. */
function fitted(head: readonly Line[], body: readonly Line[], tail: readonly Line[], cut: string): Rich {
  for (let kept = body.length; ; kept -= 1) {
    const shown = kept < body.length ? [...body.slice(0, kept), cut] : body
    const text = lines(...head, ...shown, ...tail)
    if (plain(text).length <= LONGEST_CARD || kept === 0) return text
  }
}

const exactShare = (part: number, whole: number) => ({ n: BigInt(part), d: BigInt(Math.max(1, whole)) })
const exactShareOf = (score: SheetScore, scale: number) => ({ n: score.total.n, d: score.total.d * BigInt(scale) })
