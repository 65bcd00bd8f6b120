/** 我的指标: what of the shared sheet is mine, what came back, and how far everybody is. */
import type { Question } from '../../core/questionnaire.js'
import { momentText } from '../moments.js'
import { bold, lines } from '../rich.js'
import type { Button, Card } from '../speech.js'
import { promptsOf, wordsOf } from '../words.js'
import { bar } from './bar.js'
import { button, pageLink, type SheetScene } from './view.js'

/** Sent back answers that are shown with their comment; the rest come one by one with 继续. */
const MOST_SENT_BACK = 5
const COMMENT_SHOWN = 60

export function mineCard(scene: SheetScene): Card {
  const { say, sheet, book, language, loaded } = scene
  const { questions } = book.questionnaire
  const mine = questions.filter(({ index }) => sheet.mine?.[index])
  const isOpen = ({ index }: Question) => sheet.marks[index]!.state === 'open'
  const openMine = mine.filter(isOpen).length
  const openAll = questions.filter(isOpen).length
  const { standing } = loaded
  const back = mine.filter(({ id }) => standing?.sentBack.has(id))
  const prompts = promptsOf(book, language)
  const title = (question: Question) => `${question.id} ${wordsOf(prompts, question)?.title ?? ''}`.trim()
  const done = mine.length - openMine
  const text = lines(
    scene.notice === null ? undefined : [bold(scene.notice), '\n'],
    bold(say('mine.title', { community: standing?.assessment.community.name ?? '' })),
    ...(standing ? [standing.assessment.round.name] : []),
    mine.length === 0
      ? say('mine.none')
      : `${bar(done / mine.length)} ${say('mine.done', { done, count: mine.length })}`,
    say('mine.all', { done: questions.length - openAll, count: questions.length }),
    ...closedLines(scene),
    ...(back.length > 0 ? ['', bold(say('mine.sent_back', { count: back.length }))] : []),
    ...back.slice(0, MOST_SENT_BACK).map((question) => {
      const { comment } = standing!.sentBack.get(question.id)!
      const short = comment.length > COMMENT_SHOWN ? `${comment.slice(0, COMMENT_SHOWN)}…` : comment
      return say('mine.sent_back_item', { title: title(question), comment: short })
    }),
    ...(mine.length > 0 && openMine === 0 && sheet.status === 'open' ? ['', say('mine.thanks')] : []),
  )
  return { text, rows: rows() }

  function rows(): Button[][] {
    const here = { sheet: sheet.id }
    if (sheet.status !== 'open') return [[button(say('button.contents'), { do: 'contents', ...here })], [home()]]
    const others = openAll - openMine
    return [
      ...back
        .slice(0, MOST_SENT_BACK)
        .map((question) => [button(`↩ ${title(question)}`, { do: 'open', ...here, question: question.id })]),
      ...(openMine > 0 ? [[button(say('mine.continue', { count: openMine }), { do: 'resume', ...here })]] : []),
      ...(others > 0 && openMine === 0
        ? [[button(say('mine.others', { count: others }), { do: 'next_open', ...here })]]
        : []),
      [button(say('button.contents'), { do: 'contents', ...here }), home()],
    ]
  }

  function home(): Button {
    return pageLink(say('button.home'), 'home')
  }
}

/** Why nothing can be answered: submitted, not begun yet, or over. */
function closedLines({ say, sheet, language, loaded }: SheetScene): string[] {
  if (sheet.status === 'open') return []
  const round = loaded.standing?.assessment.round
  if (sheet.status === 'submitted' || !round) return ['', say('mine.submitted')]
  const waits = round.status === 'published' && loaded.now !== undefined && loaded.now < round.opensAt.getTime()
  const opens = momentText(round.opensAt.getTime(), round.timeZone, language)
  return ['', waits ? say('mine.waiting', { opens }) : say('mine.over')]
}
