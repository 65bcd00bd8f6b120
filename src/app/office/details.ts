/** 各题明细: every question with its answer and who gave it; one question with its history; sending it back. */
import { may } from '../../core/access.js'
import { isAnswered } from '../../core/answer.js'
import { phaseOf } from '../../core/round.js'
import { rateOf } from '../../core/score.js'
import { clockText, dayText } from '../moments.js'
import { bold, lines } from '../rich.js'
import type { Assessment, SignedAnswer } from '../rounds.js'
import { tell } from '../tell.js'
import { percentText } from '../views/bar.js'
import { answerWords } from '../views/choices.js'
import { askingWords, promptsOf, wordsOf } from '../words.js'
import type { View } from './standings.js'
import { theView } from './summary.js'
import {
  arg,
  changeBy,
  deedButton,
  ofAssessment,
  type PageSpec,
  pageButton,
  theAssessment,
  type Visit,
} from './visit.js'

const LONGEST_COMMENT = 200
const REVISIONS_SHOWN = 8
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
  const rows = buttons.flatMap((_one, i) => (i % 2 === 0 ? [buttons.slice(i, i + 2)] : []))
  return {
    text: lines(bold(say('details.title')), community.name, say('details.hint')),
    rows: [...rows, [pageButton(say('button.back'), 'summary', id)]],
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
  const text = lines(
    bold(prompts.levels[arg(visit, 1)] ?? ''),
    community.name,
    ...section.map((one) => {
      const answer = view.answers.get(one.id)
      if (round.mode === 'individual') return `${one.id} ${title(one)}：${rateWords(view, one.id)}`
      if (!answer || !isAnswered(answer)) return `○ ${one.id} ${title(one)}`
      const words = answerWords(view.book, one, answer, language, say)
      const who = people.get(answer.person) ?? postOf(one)
      const mark = back.has(one.id) ? '↩' : '✓'
      return `${mark} ${one.id} ${title(one)}：${words}（${who} ${clockText(answer.at.getTime(), community.timeZone)}）`
    }),
  )
  const rows = section.map((one) => [pageButton(`${one.id} ${title(one).slice(0, TITLE_SHOWN)}`, 'detail', id, one.id)])
  const assigns =
    isOpen(visit, view) && may(visit.memberships, 'assign', community.id)
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

const postOf = (question: Questions[number]): string => ('indicator' in question ? question.indicator.post : '')

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
    const answered = isAnswered(view.answers.get(question.id))
    const text = lines(
      bold(`${question.id} ${wordsOf(prompts, question)?.title ?? ''}`.trim()),
      askingWords(prompts, question),
      '',
      ...(await historyLines(visit, view, question)),
      ...(sentBack ? ['', say('card.sent_back', { comment: sentBack.comment })] : []),
      ...(clashes.length > 0 ? ['', bold(say('details.clash', { count: clashes.length }))] : []),
    )
    const here = [id, question.id] as const
    const second = 'second' in question ? question.second : ''
    return {
      text,
      rows: [
        ...(open && answered && may(memberships, 'send_back', community.id)
          ? [[pageButton(say('details.send_back'), 'send_back', ...here)]]
          : []),
        ...(open && question.kind === 'indicator' && may(memberships, 'assign', community.id)
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

/** Every answer that was given, newest last; in an individual round everybody's present one. */
async function historyLines({ desk, say, language }: Visit, view: View, question: Questions[number]) {
  const { community, round } = view.assessment
  const given: (Pick<SignedAnswer, 'person' | 'at'> & { answer: SignedAnswer })[] = []
  if (round.mode === 'individual')
    for (const { answers } of view.sheets) {
      const answer = answers.get(question.id)
      if (answer) given.push({ answer, person: answer.person, at: answer.at })
    }
  else if (view.sheets[0])
    for (const row of await desk.ledger.history(view.sheets[0].id))
      if (row.question === question.id) given.push({ answer: row, person: row.person, at: row.at })
  if (given.length === 0) return [say('details.none')]
  const people = await desk.work.names([...new Set(given.map(({ person }) => person))])
  return given.slice(-REVISIONS_SHOWN).flatMap(({ answer, person, at }) => {
    const when = `${dayText(at.getTime(), community.timeZone, language)} ${clockText(at.getTime(), community.timeZone)}`
    const name = people.get(person) ?? postOf(question)
    return [
      say('details.given', { name, when, answer: answerWords(view.book, question, answer, language, say) }),
      ...(answer.note ? [say('card.note', { note: answer.note })] : []),
      ...(answer.evidence.length > 0 ? [say('card.evidence', { count: answer.evidence.length })] : []),
    ]
  })
}

/** Asks for the comment; what is typed sends the answer back. */
const sendBack: PageSpec = {
  permission: 'send_back',
  community: ofAssessment(),
  show: async (visit) => {
    const { say, language } = visit
    const view = await theView(visit)
    const question = view.book.questionnaire.byId.get(arg(visit, 1))
    const title = question ? (wordsOf(promptsOf(view.book, language), question)?.title ?? '') : ''
    return {
      text: lines(
        bold(say('details.send_back_title', { what: `${arg(visit, 1)} ${title}`.trim() })),
        say('details.ask_comment'),
      ),
      rows: [[pageButton(say('button.back'), 'detail', view.assessment.id, arg(visit, 1))]],
    }
  },
  typed: async (visit, text) => {
    const { say } = visit
    if (text === '' || text.length > LONGEST_COMMENT)
      return { notice: say('details.comment_refused', { most: LONGEST_COMMENT }) }
    const assessment = await theAssessment(visit)
    const sent = await sendBackAnswer(visit, assessment, arg(visit, 1), text)
    const to = { page: 'detail', args: [assessment.id, arg(visit, 1)] }
    return { to, notice: say(sent ? 'details.sent_back' : 'details.none') }
  },
}

async function sendBackAnswer(
  visit: Visit,
  assessment: Assessment,
  question: string,
  comment: string,
): Promise<boolean> {
  const { desk, person, now } = visit
  const { id, community, round, status } = assessment
  if (round.mode !== 'shared' || status !== 'open' || phaseOf(round, now) !== 'open') return false
  const [sheet] = await desk.work.sheets(id)
  const answer = sheet?.answers.get(question)
  if (!answer || !isAnswered(answer)) return false
  const { revision } = answer
  const change = changeBy(visit, 'answer_sent_back', {
    subject: `assessment:${id}`,
    community: community.id,
    after: { question, revision, comment },
  })
  await desk.work.sendBack(id, { question, revision, comment, at: new Date(now), by: person }, change)
  if (answer.person !== '' && answer.person !== person)
    await tell(desk, [
      {
        key: `returned:${id}:${question}:${revision}`,
        person: answer.person,
        telling: { type: 'returned', assessment: id, question, comment },
      },
    ])
  return true
}

export const DETAIL_PAGES = { details, detail, send_back: sendBack }
