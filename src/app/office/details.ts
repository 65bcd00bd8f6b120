/** 各题明细: every question with its answer and who gave it; one question with its history. */
import { may } from '../../core/access.js'
import { isAnswered } from '../../core/answer.js'
import { phaseOf } from '../../core/round.js'
import { rateOf } from '../../core/score.js'
import { clockText } from '../moments.js'
import { bold, lines } from '../rich.js'
import { percentText } from '../views/bar.js'
import { inPairs } from '../views/rows.js'
import { fitted } from '../views/score-lines.js'
import { askingWords, promptsOf, term, wordsOf } from '../words.js'
import { takesAssigning } from './assignments.js'
import { answerText, historyLines } from './history.js'
import type { View } from './standings.js'
import { theView } from './summary.js'
import { arg, deedButton, ofAssessment, type PageSpec, pageButton, type Visit } from './visit.js'

const TITLE_SHOWN = 24

/** Arguments: the assessment, and a second level; without one the levels are listed. */
const details: PageSpec = {
  permission: 'see_summary',
  community: ofAssessment(),
  show: async (visit) => {
    const view = await theView(visit)
    const section = view.book.questionnaire.questions.filter((one) => 'second' in one && one.second === arg(visit, 1))
    return section.length === 0 ? levelsCard(visit, view) : sectionCard(visit, view, section)
  },
}

function levelsCard({ say, language }: Visit, view: View) {
  const { id, community } = view.assessment
  const { levels } = promptsOf(view.book, language)
  const buttons = view.book.rubric.first_level.flatMap((first) =>
    first.second_level.map((second) => {
      const rate = view.score.second.find((one) => one.id === second.id)?.rate
      return pageButton(`${levels[second.id]} ${rate ? percentText(rate) : '—'}`, 'details', id, second.id)
    }),
  )
  return {
    text: lines(bold(say('details.title')), community.name, say('details.hint')),
    rows: [...inPairs(buttons), [pageButton(say('button.back'), 'summary', id)]],
  }
}

type Questions = View['book']['questionnaire']['questions']

async function sectionCard(visit: Visit, view: View, section: Questions) {
  const { say, language, desk } = visit
  const { id, community, round } = view.assessment
  const prompts = promptsOf(view.book, language)
  const people = await desk.work.names([...view.answers.values()].map(({ person }) => person))
  const back = new Set(view.sentBack.map(({ question }) => question))
  const title = (one: Questions[number]) => wordsOf(prompts, one)?.title ?? ''
  const head = [bold(prompts.levels[arg(visit, 1)] ?? ''), community.name]
  const text = fitted(
    head,
    section.map((one) => {
      const answer = view.answers.get(one.id)
      if (round.mode === 'individual') return `${one.id} ${title(one)}：${rateWords(view, one.id)}`
      if (!answer || !isAnswered(answer)) return `○ ${one.id} ${title(one)}`
      const words = answerText(visit, view.book, one, answer)
      const post = 'indicator' in one ? term(prompts, one.indicator.post) : ''
      const who = people.get(answer.person) ?? (post || say('office.somebody'))
      const mark = back.has(one.id) ? '↩' : '✓'
      return `${mark} ${one.id} ${title(one)}：${words}（${who} ${clockText(answer.at.getTime(), community.timeZone)}）`
    }),
    [],
    say('result.cut'),
  )
  const rows = section.map((one) => [pageButton(`${one.id} ${title(one).slice(0, TITLE_SHOWN)}`, 'detail', id, one.id)])
  const assigns =
    takesAssigning(view.assessment, visit.now) && may(visit.memberships, 'assign', community.id)
      ? [[pageButton(say('details.assign_section'), 'assign', id, arg(visit, 1))]]
      : []
  return { text, rows: [...rows, ...assigns, [pageButton(say('button.back'), 'details', id)]] }
}

/** Whether the shared sheet takes answers now. */
const isOpen = ({ now }: Visit, { assessment: { status, round } }: View): boolean =>
  status === 'open' && phaseOf(round, now) === 'open' && round.mode === 'shared'

function rateWords(view: View, id: string): string {
  const scored = view.score.indicators.find((one) => one.id === id)
  const rate = scored && rateOf(scored)
  return rate ? percentText(rate) : '—'
}

/** Arguments: the assessment and the question. */
const detail: PageSpec = {
  permission: 'see_summary',
  community: ofAssessment(),
  show: async (visit) => {
    const { say, language, memberships } = visit
    const view = await theView(visit)
    const { id, community } = view.assessment
    const question = view.book.questionnaire.byId.get(arg(visit, 1))
    if (!question) return levelsCard(visit, view)
    const prompts = promptsOf(view.book, language)
    const clashes = view.clashes.filter((one) => one.question === question.id)
    const sentBack = view.sentBack.find((one) => one.question === question.id)
    const open = isOpen(visit, view)
    const answer = view.answers.get(question.id)
    const text = fitted(
      [bold(`${question.id} ${wordsOf(prompts, question)?.title ?? ''}`.trim()), askingWords(prompts, question), ''],
      await historyLines(visit, view, question),
      [
        ...(sentBack ? ['', say('card.sent_back', { comment: sentBack.comment })] : []),
        ...(clashes.length > 0 ? ['', bold(say('details.clash', { count: clashes.length }))] : []),
      ],
      say('details.cut'),
    )
    const here = [id, question.id] as const
    const second = 'second' in question ? question.second : ''
    return {
      text,
      rows: [
        ...(open && answer && isAnswered(answer) && !sentBack && may(memberships, 'send_back', community.id)
          ? [[pageButton(say('details.send_back'), 'send_back', ...here, String(answer.revision))]]
          : []),
        ...(takesAssigning(view.assessment, visit.now) &&
        question.kind === 'indicator' &&
        may(memberships, 'assign', community.id)
          ? [[pageButton(say('details.assign'), 'assign', ...here)]]
          : []),
        ...(clashes.length > 0 && may(memberships, 'settle_clash', community.id)
          ? [[deedButton(say('details.settle'), 'settle', ...here)]]
          : []),
        [
          second === ''
            ? pageButton(say('button.back'), 'details', id)
            : pageButton(say('button.back'), 'details', id, second),
        ],
      ],
    }
  },
}

export const DETAIL_PAGES = { details, detail }
