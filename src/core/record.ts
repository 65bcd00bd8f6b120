/** Recording: the next revision of an answer, its mark, and where the conversation goes from there. */
import { type Answer, isAnswered } from './answer.js'
import { acceptsValue } from './answers/registry.js'
import { compare, exact, multiply, sum } from './exact.js'
import { advance, goTo, markOf, type Working, withMark } from './moves.js'
import type { Question, Questionnaire } from './questionnaire.js'
import { indicatorsOf } from './rubric.js'
import type { Context, Step } from './step.js'

/** Records an answer as the next revision and moves on; the same answer again only moves on. */
export function record(context: Context, session: Working, question: Question, change: Partial<Answer>): Step {
  const { questionnaire, saved } = context
  const mark = markOf(questionnaire, session.sheet, question.id)
  const answer: Answer = {
    question: question.id,
    revision: mark.revision + 1,
    value: saved?.value ?? null,
    notApplicable: saved?.notApplicable ?? null,
    note: saved?.note ?? null,
    evidence: saved?.evidence ?? [],
    raw: saved?.raw ?? null,
    ...change,
  }
  // A note or evidence beside an answer that was sent back does not answer it anew.
  const beside = !('value' in change) && !('notApplicable' in change)
  const open = !isAnswered(answer) || (beside && mark.state === 'open')
  const state = open ? 'open' : answer.notApplicable !== null ? 'not_applicable' : 'answered'
  const marked = withMark(questionnaire, session, question.id, { state, revision: answer.revision })
  return { session: marked, events: [{ type: 'answer_recorded', sheet: session.sheet.id, answer }] }
}

/** Records a value and asks what comes next. */
export function answerWith(
  context: Context,
  session: Working,
  question: Question,
  value: string,
  raw: string | null,
): Step {
  const { questionnaire, saved } = context
  const at = goTo(session, question)
  const mark = markOf(questionnaire, session.sheet, question.id)
  const last = { question: question.id, value }
  // One that was sent back is open though it has a value: saying the same again is an answer.
  if (saved && saved.value === value && saved.notApplicable === null && mark.state !== 'open')
    return { session: advance(questionnaire, withLast(at, last), false), events: [] }
  const step = record(context, at, question, { value, notApplicable: null, raw })
  const next = advance(questionnaire, withLast(step.session as Working, last), mark.state === 'open')
  return { session: next, events: step.events }
}

/** Whether a value can be given to a question: vetoes and extras take yes or no. */
export function accepts(questionnaire: Questionnaire, question: Question, value: string): boolean {
  return question.kind === 'indicator'
    ? acceptsValue(question.indicator, value, questionnaire.rubric)
    : value === 'yes' || value === 'no'
}

/** Whether one more indicator may be not applicable without passing the rubric's cap on all of them together. */
export function fitsCap(questionnaire: Questionnaire, session: Working, question: Question): boolean {
  const { rubric, questions } = questionnaire
  const away = questions.filter(
    (one) =>
      one.kind === 'indicator' &&
      (one.id === question.id || session.sheet.marks[one.index]!.state === 'not_applicable'),
  )
  const pointsOf = (one: Question) => exact(one.kind === 'indicator' ? one.indicator.points : 0)
  const all = sum(indicatorsOf(rubric).map(({ points }) => exact(points)))
  return compare(sum(away.map(pointsOf)), multiply(all, exact(rubric.scoring.not_applicable.max_share))) <= 0
}

/** Records the reason and moves on. */
export function declareNotApplicable(context: Context, session: Working, question: Question, reason: string): Step {
  const wasOpen = markOf(context.questionnaire, session.sheet, question.id).state === 'open'
  const step = record(context, session, question, { value: null, notApplicable: reason, raw: null })
  return {
    session: advance(context.questionnaire, step.session as Working, wasOpen),
    events: [...step.events, { type: 'not_applicable_saved' }],
  }
}

function withLast(session: Working, last: { question: string; value: string }): Working {
  return { ...session, sheet: { ...session.sheet, last } }
}
