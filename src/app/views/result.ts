/** The result: total and grade, or while anything is open the answered share and what can still be reached. */
import { format } from '../../core/exact.js'
import { gradeOf } from '../../core/grade.js'
import { type Path, shortestPath } from '../../core/path.js'
import { type IndicatorScore, scoreSheet, weakIndicators } from '../../core/score.js'
import { type ResultPage, WEAK_PAGES } from '../../core/session.js'
import { bold, italic, type Rich } from '../rich.js'
import type { Button, Card } from '../speech.js'
import { promptsOf } from '../words.js'
import { fitted, headline, type Line, rateLine, type Scored, weakLines } from './score-lines.js'
import { button, pageLink, type SheetScene } from './view.js'

/** How many weak indicators and steps stand on the first page; all of them on their own pages. */
const WEAK_ON_FIRST = 5
const STEPS_ON_FIRST = 12
const WEAK_PER_PAGE = 6
/** Characters of the hash that are shown; enough to tell versions apart by eye. */
const HASH_SHOWN = 12

/** Pages that show no path. */
const WEAK: ReadonlySet<ResultPage> = new Set(WEAK_PAGES)

type Judged = SheetScene & Scored & { weak: IndicatorScore[]; path: Path | null }

export function resultCard(scene: SheetScene, page: ResultPage): Card {
  const { book, language, loaded } = scene
  const score = scoreSheet(book.questionnaire, loaded.answers ?? new Map())
  const grade = gradeOf(book.rubric, score)
  const scored: Judged = {
    ...scene,
    rubric: book.rubric,
    score,
    grade,
    // The costliest part of the card, so only once, and only where it is asked for.
    path: grade.kind === 'open' || WEAK.has(page) ? null : shortestPath(book.rubric, score),
    prompts: promptsOf(book, language),
    weak: weakIndicators(book.questionnaire, score),
  }
  const notice: Line[] = scene.notice === null ? [] : [[bold(scene.notice), '\n']]
  if (page === 'total') return { text: totalPage(scored, notice), rows: rows(scored, page) }
  const body = page === 'path' ? pathPage(scored) : weakPage(scored, page)
  return { text: fitted(notice, body, [], scene.say('result.cut')), rows: rows(scored, page) }
}

/** The grade, the rates and whose table it is always stand there; of the lists between them, as much as fits. */
function totalPage(scene: Judged, notice: readonly Line[]): Rich {
  const { say, score, book, prompts, weak, sheet } = scene
  const { rubric } = book
  const head = [
    ...notice,
    bold(say(sheet.status === 'open' ? 'result.preview' : `result.${sheet.status}`)),
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

function weakSummary(scene: Judged, weak: readonly IndicatorScore[]): Line[] {
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

function pathLines({ say, path, prompts }: Judged, most: number): Line[] {
  if (path === null) return []
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

function notApplicableLines({ say, score, loaded, prompts }: Judged): Line[] {
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

function pathPage(scene: Judged): Line[] {
  const body = pathLines(scene, Number.POSITIVE_INFINITY)
  return body.length > 0 ? body : [scene.say('path.none_open')]
}

function weakPage(scene: Judged, page: ResultPage): Line[] {
  const { say, weak } = scene
  const from = Math.max(0, (WEAK_PAGES as readonly string[]).indexOf(page)) * WEAK_PER_PAGE
  if (weak.length === 0) return [say('result.no_weak')]
  return [
    bold(say('result.weak', { count: weak.length, share: scene.book.rubric.scoring.weak.rate_below * 100 })),
    ...weak.slice(from, from + WEAK_PER_PAGE).flatMap((one, i) => weakLines(scene, one, from + i + 1, 2)),
  ]
}

function rows({ say, sheet, grade, weak, path }: Judged, page: ResultPage): Button[][] {
  const to = (label: string, target: ResultPage) => button(label, { do: 'result', sheet: sheet.id, page: target })
  const more: Button[] = []
  if (page !== 'total') more.push(to(say('button.back_to_result'), 'total'))
  const at = (WEAK_PAGES as readonly string[]).indexOf(page)
  const pages = Math.min(WEAK_PAGES.length, Math.ceil(weak.length / WEAK_PER_PAGE))
  if (at > 0) more.push(to(say('button.page_before'), WEAK_PAGES[at - 1]!))
  if (at >= 0 && at + 1 < pages) more.push(to(say('button.page_after'), WEAK_PAGES[at + 1]!))
  if (page === 'total' && weak.length > 0) more.push(to(say('button.weak'), 'weak'))
  if (page === 'total' && path?.kind === 'path') more.push(to(say('button.path'), 'path'))
  if (sheet.status !== 'open') {
    const again = sheet.assessment
      ? pageLink(say('button.home'), 'home')
      : button(say('button.restart'), { do: 'restart', sheet: sheet.id })
    return [more, [again]].filter((row) => row.length > 0)
  }
  const change = button(say('button.contents'), { do: 'contents', sheet: sheet.id })
  const last =
    grade.kind === 'open'
      ? [button(say('button.continue'), { do: 'resume', sheet: sheet.id }), change]
      : [button(say('button.submit'), { do: 'submit', sheet: sheet.id }), change]
  return [last, more].filter((row) => row.length > 0)
}
