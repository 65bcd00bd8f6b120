/** News of a round → its card in a person's language; undefined where it is no news any more by the time that it is sent. */
import type { Book } from '../content/book.js'
import { may } from '../core/access.js'
import { isAnswered } from '../core/answer.js'
import { dutiesOf } from '../core/duty.js'
import { gradeOf } from '../core/grade.js'
import { phaseOf } from '../core/round.js'
import type { Desk } from './desk.js'
import type { Membership, Telling } from './district.js'
import { momentText } from './moments.js'
import { deedButton, pageButton } from './office/visit.js'
import { outlookOf } from './results.js'
import { bold, lines } from './rich.js'
import type { Assessment } from './rounds.js'
import type { Card } from './speech.js'
import { headline } from './views/score-lines.js'
import { promptsOf } from './words.js'

type News = Extract<Telling, { readonly type: 'opened' | 'result' }>

export async function newsCard(
  desk: Desk,
  person: string,
  language: string,
  { type, assessment: id }: News,
): Promise<Card | undefined> {
  const assessment = await desk.rounds.assessment(id)
  if (!assessment) return undefined
  const holdings = await desk.members.memberships(person)
  return type === 'opened'
    ? openedCard(desk, person, language, assessment, holdings)
    : resultCard(desk, language, assessment, holdings)
}

async function openedCard(
  desk: Desk,
  person: string,
  language: string,
  assessment: Assessment,
  holdings: readonly Membership[],
): Promise<Card | undefined> {
  const { id, round, community, status } = assessment
  const book = await desk.books.of(round.rubric)
  const open = status === 'open' && phaseOf(round, desk.now()) === 'open'
  if (!book || !open || !may(holdings, 'answer', community.id)) return undefined
  const count = await untouchedOf(desk, assessment, book, person, holdings)
  if (count === 0) return undefined
  const say = desk.locales.in(language)
  const deadline = momentText(round.deadline.getTime(), round.timeZone, language)
  return {
    text: lines(
      bold(say('told.opened', namesOf(assessment))),
      say('told.opened_count', { count }),
      say('told.deadline', { deadline }),
    ),
    rows: [[deedButton(say('home.enter', namesOf(assessment)), 'enter', id)]],
  }
}

/** How many questions are this person's to answer; 0 once they have answered one, because then they know. */
async function untouchedOf(
  desk: Desk,
  { id, round, community }: Assessment,
  { questionnaire }: Book,
  person: string,
  holdings: readonly Membership[],
): Promise<number> {
  if (round.mode === 'individual') {
    const own = await desk.work.individualSheet(id, person)
    const answers = own ? await desk.ledger.answers(own.id) : new Map()
    return [...answers.values()].some(isAnswered) ? 0 : questionnaire.questions.length
  }
  const standing = await desk.work.standing(desk.work.sharedSheetOf(id), person)
  if (!standing) return 0
  const { answers, assigned } = standing
  if ([...answers.values()].some((one) => one.person === person && isAnswered(one))) return 0
  const mine = dutiesOf(questionnaire, person, community.id, holdings, assigned)
  return questionnaire.questions.filter((one) => mine[one.index] && !isAnswered(answers.get(one.id))).length
}

async function resultCard(
  desk: Desk,
  language: string,
  assessment: Assessment,
  holdings: readonly Membership[],
): Promise<Card | undefined> {
  const { id, round, community, status } = assessment
  const phase = phaseOf(round, desk.now())
  const ended = status === 'submitted' && (phase === 'over' || phase === 'closed')
  if (!ended || !may(holdings, 'see_summary', community.id)) return undefined
  const outlook = await outlookOf(desk, assessment)
  if (!outlook) return undefined
  const { book, score, result } = outlook
  const { rubric } = book
  const say = desk.locales.in(language)
  const scored = { say, prompts: promptsOf(book, language), rubric, score, grade: gradeOf(rubric, score) }
  return {
    text: lines(
      bold(say('told.result', namesOf(assessment))),
      ...headline(scored),
      result.weak.length === 0 ? say('result.no_weak') : say('told.weak', { count: result.weak.length }),
    ),
    rows: [[pageButton(say('told.summary'), 'summary', id)]],
  }
}

const namesOf = ({ community, round }: Assessment) => ({ community: community.name, round: round.name })
