/** Who answers what on a shared sheet: 领取 (take), 转交 (hand over, with a word of why), and the head's assigning. */
import { may } from '../../core/access.js'
import { dutiesOf, postsOf } from '../../core/duty.js'
import type { Questionnaire } from '../../core/questionnaire.js'
import { phaseOf } from '../../core/round.js'
import type { Session } from '../../core/session.js'
import type { Member } from '../district.js'
import { refreshSheet } from '../enter.js'
import { bold, lines } from '../rich.js'
import type { Assessment } from '../rounds.js'
import type { Card } from '../speech.js'
import { tell } from '../tell.js'
import { button } from '../views/view.js'
import { promptsOf, term, wordsOf } from '../words.js'
import { listed, PEOPLE_AT_ONCE, sliced } from './listing.js'
import {
  arg,
  changeBy,
  type DeedSpec,
  deedButton,
  HOME,
  type Outcome,
  ofAssessment,
  type PageSpec,
  pageButton,
  theAssessment,
  type Visit,
} from './visit.js'

const LONGEST_WHY = 100

/** Whether it can be settled who answers what there: on a shared sheet that is open, or that will be. */
export function takesAssigning({ status, round }: Assessment, now: number): boolean {
  const phase = phaseOf(round, now)
  return round.mode === 'shared' && status === 'open' && (phase === 'open' || phase === 'waiting')
}

/**
 * The indicators that an argument means: an indicator (`G6-01`), a second level (`G6`), or a post by its place in the rubric
 * (`post.2`). Empty where it means none.
 */
export function indicatorsIn(questionnaire: Questionnaire, scope: string): string[] {
  const post = /^post\.(\d{1,2})$/.exec(scope)
  const named = post ? postsOf(questionnaire)[Number(post[1])] : undefined
  return questionnaire.questions.flatMap((one) =>
    one.kind === 'indicator' && (post ? one.indicator.post === named : one.id === scope || one.second === scope)
      ? [one.id]
      : [],
  )
}

/** What a scope is called. */
export async function scopeName(visit: Visit, assessment: Assessment, scope: string): Promise<string> {
  const book = (await visit.desk.books.of(assessment.round.rubric))!
  const prompts = promptsOf(book, visit.language)
  const question = book.questionnaire.byId.get(scope)
  if (question) return `${scope} ${wordsOf(prompts, question)?.title ?? ''}`.trim()
  const post = /^post\.(\d{1,2})$/.exec(scope)
  if (post) return term(prompts, postsOf(book.questionnaire)[Number(post[1])] ?? scope)
  return prompts.levels[scope] ?? scope
}

/** People who can answer there, others than one; each once. */
async function colleagues(visit: Visit, assessment: Assessment, but: string): Promise<Member[]> {
  const members = await visit.desk.members.membersOf(assessment.community.id)
  const able = members.filter((one) => one.person !== but && may([one], 'answer', assessment.community.id))
  return able.filter((one, i) => able.findIndex(({ person }) => person === one.person) === i)
}

/** Arguments of the page: the assessment, the scope, the part of the list. */
async function chooseCard(visit: Visit, title: string, page: 'hand' | 'assign'): Promise<Card> {
  const { say } = visit
  const assessment = await theAssessment(visit)
  const scope = arg(visit, 1)
  const people = await colleagues(visit, assessment, page === 'hand' ? visit.person : '')
  const about = { argument: 2, before: [assessment.id, scope], size: PEOPLE_AT_ONCE }
  const { items, count, line, turning } = await listed(visit, page, about, sliced(people))
  const label = (one: Member) => `${one.name ?? say('office.somebody')}（${say(`role.${one.role}`)}）`
  const rows = items.map((one) => [
    page === 'hand'
      ? pageButton(label(one), 'hand_why', assessment.id, scope, one.id)
      : deedButton(label(one), 'assign_to', assessment.id, scope, one.id),
  ])
  const back =
    page === 'hand'
      ? button(say('button.back'), { do: 'back' })
      : pageButton(say('button.back'), 'people', assessment.id)
  return {
    text: lines(bold(title), say(count === 0 ? 'assign.nobody' : 'assign.choose'), line),
    rows: [...rows, ...turning, [back]],
  }
}

/** The one indicator that the visitor may hand over, because it is theirs now; undefined for any other. */
async function ownIndicator(visit: Visit, assessment: Assessment): Promise<string | undefined> {
  const { desk, person } = visit
  const { questionnaire } = (await desk.books.of(assessment.round.rubric))!
  const question = questionnaire.byId.get(arg(visit, 1))
  if (question?.kind !== 'indicator' || !takesAssigning(assessment, visit.now)) return undefined
  const standing = await desk.work.standing(desk.work.sharedSheetOf(assessment.id), person)
  if (!standing) return undefined
  const mine = dutiesOf(questionnaire, person, assessment.community.id, standing.memberships, standing.assigned)
  return mine[question.index] ? question.id : undefined
}

const notOwnCard = ({ say }: Visit): Card => ({
  text: lines(say('assign.not_yours')),
  rows: [[button(say('button.back'), { do: 'back' })]],
})

const hand: PageSpec = {
  permission: 'hand_over',
  community: ofAssessment(),
  show: async (visit) => {
    const assessment = await theAssessment(visit)
    if ((await ownIndicator(visit, assessment)) === undefined) return notOwnCard(visit)
    const what = await scopeName(visit, assessment, arg(visit, 1))
    return chooseCard(visit, visit.say('assign.hand_title', { what }), 'hand')
  },
}

/** Asks for the word of why; what is typed hands over. */
const handWhy: PageSpec = {
  permission: 'hand_over',
  community: ofAssessment(),
  show: async (visit) => {
    const assessment = await theAssessment(visit)
    if ((await ownIndicator(visit, assessment)) === undefined) return notOwnCard(visit)
    const what = await scopeName(visit, assessment, arg(visit, 1))
    const to = await colleague(visit, assessment)
    return {
      text: lines(
        bold(visit.say('assign.hand_to', { what, name: to?.name ?? visit.say('office.somebody') })),
        visit.say('assign.ask_why'),
      ),
      rows: [[pageButton(visit.say('button.back'), 'hand', assessment.id, arg(visit, 1))]],
    }
  },
  typed: async (visit, text) => {
    const { say } = visit
    if (text === '' || text.length > LONGEST_WHY) return { notice: say('assign.why_refused', { most: LONGEST_WHY }) }
    const assessment = await theAssessment(visit)
    const to = await colleague(visit, assessment)
    const own = await ownIndicator(visit, assessment)
    // It is theirs already where this very message comes again: nothing to do but to say so.
    const done = to && (await visit.desk.work.assigned(assessment.id)).get(arg(visit, 1)) === to.person
    if (!to || (own === undefined && !done)) return { notice: say('notice.button_outdated') }
    if (own !== undefined) await assign(visit, assessment, [own], to.person, text, 'indicator_handed_over')
    const name = to.name ?? say('office.somebody')
    return { to: await onSheetAgain(visit), notice: say('assign.handed', { name }) }
  },
}

async function colleague(visit: Visit, assessment: Assessment): Promise<Member | undefined> {
  const members = await visit.desk.members.membersOf(assessment.community.id)
  return members.find((one) => one.id === arg(visit, 2) && may([one], 'answer', assessment.community.id))
}

const take: DeedSpec = {
  permission: 'take',
  community: ofAssessment(),
  from: ['sheet'],
  run: async (visit) => {
    const assessment = await theAssessment(visit)
    const one = indicatorsIn((await visit.desk.books.of(assessment.round.rubric))!.questionnaire, arg(visit, 1))
    if (one.length !== 1) return { notice: visit.say('notice.button_outdated') }
    if (!takesAssigning(assessment, visit.now)) return { notice: visit.say('home.not_open') }
    await assign(visit, assessment, one, visit.person, null, 'indicator_taken')
    return { to: await onSheetAgain(visit), notice: visit.say('assign.taken') }
  },
}

const assignPage: PageSpec = {
  permission: 'assign',
  community: ofAssessment(),
  show: async (visit) => {
    const { say } = visit
    const assessment = await theAssessment(visit)
    const back = [pageButton(say('button.back'), 'people', assessment.id)]
    if (!takesAssigning(assessment, visit.now)) return { text: lines(say('home.not_open')), rows: [back] }
    const what = await scopeName(visit, assessment, arg(visit, 1))
    return chooseCard(visit, say('assign.title', { what }), 'assign')
  },
}

const assignTo: DeedSpec = {
  permission: 'assign',
  community: ofAssessment(),
  from: ['assign'],
  run: async (visit): Promise<Outcome> => {
    const { say } = visit
    const assessment = await theAssessment(visit)
    const to = await colleague(visit, assessment)
    const some = indicatorsIn((await visit.desk.books.of(assessment.round.rubric))!.questionnaire, arg(visit, 1))
    if (!to || some.length === 0) return { notice: say('notice.button_outdated') }
    if (!takesAssigning(assessment, visit.now)) return { notice: say('home.not_open') }
    await assign(visit, assessment, some, to.person, null, 'indicators_assigned')
    const name = to.name ?? say('office.somebody')
    return { to: { page: 'people', args: [assessment.id] }, notice: say('assign.done', { count: some.length, name }) }
  },
}

async function assign(
  visit: Visit,
  { id, community }: Assessment,
  indicators: readonly string[],
  person: string,
  why: string | null,
  action: string,
): Promise<void> {
  const { desk, now } = visit
  const change = changeBy(visit, action, {
    subject: `assessment:${id}`,
    community: community.id,
    after: { indicators, person, ...(why === null ? {} : { why }) },
  })
  // Told first: after a crash in between it is not theirs to hand over any more, and nobody would tell.
  const telling = { type: 'assigned', assessment: id, count: indicators.length, why } as const
  if (person !== visit.person) await tell(desk, [{ key: `assigned:${change.id}`, person, telling }])
  await desk.work.assign(id, indicators, { person, by: visit.person, why, at: new Date(now) }, change)
}

/** Back before the question, which is somebody else's now, with what is mine made anew. */
async function onSheetAgain({ desk, session }: Visit): Promise<Session> {
  const { session: fresh } = await refreshSheet(desk, session)
  if (!fresh.sheet?.mine) return { ...fresh, view: { at: 'page', ...HOME } }
  return fresh.view.at === 'page' ? { ...fresh, view: { at: 'mine' } } : fresh
}

export const ASSIGNMENT_PAGES = { hand, hand_why: handWhy, assign: assignPage }
export const ASSIGNMENT_DEEDS = { take, assign_to: assignTo }
