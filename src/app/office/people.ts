/** 未完成的人: how far everybody is, by person and by post; a reminder to one of them. */

import { may } from '../../core/access.js'
import { isAnswered } from '../../core/answer.js'
import { dutiesOf } from '../../core/duty.js'
import { phaseOf } from '../../core/round.js'
import { decentInstant, zonedParts } from '../../core/zoned-time.js'
import { momentText } from '../moments.js'
import { bold, lines } from '../rich.js'
import { tell } from '../tell.js'
import { bar } from '../views/bar.js'
import { inPairs } from '../views/rows.js'
import { promptsOf, term, wordsOf } from '../words.js'
import { takesAssigning } from './assignments.js'
import { listed, PEOPLE_AT_ONCE, sliced } from './listing.js'
import type { PersonProgress, View } from './standings.js'
import { theView } from './summary.js'
import { arg, type DeedSpec, deedButton, ofAssessment, type PageSpec, pageButton, type Visit } from './visit.js'

const OPEN_SHOWN = 15

/** Arguments: the assessment, the part of the list. */
const people: PageSpec = {
  permission: 'see_summary',
  community: ofAssessment(),
  show: async (visit) => {
    const { say, language, memberships, now } = visit
    const view = await theView(visit)
    const { assessment, unowned } = view
    const { id, community } = assessment
    const shared = assessment.round.mode === 'shared'
    const prompts = promptsOf(view.book, language)
    // Whoever has most to do stands first.
    const sorted = [...view.people].sort((a, b) => left(b) - left(a))
    const about = { argument: 1, before: [id], size: PEOPLE_AT_ONCE }
    const { items, at, line, turning } = await listed(visit, 'people', about, sliced(sorted))
    const text = lines(
      bold(say('people.title')),
      community.name,
      line,
      '',
      ...items.map((one) => personLine(visit, one)),
      ...(sorted.length === 0 ? [say('people.nobody')] : []),
      ...(shared && at === 0
        ? [
            '',
            bold(say('people.by_post')),
            ...view.posts.map(({ post, done, count }) =>
              say('people.post', { post: term(prompts, post), done, count, bar: bar(done / Math.max(1, count)) }),
            ),
            ...(unowned.length > 0 ? [say('summary.unowned', { count: unowned.length })] : []),
          ]
        : []),
    )
    const personRows = items.map((one) => [
      pageButton(`${one.member.name ?? say('office.somebody')} ${one.done}/${one.count}`, 'person', id, one.member.id),
    ])
    const assigns = takesAssigning(assessment, now) && may(memberships, 'assign', community.id)
    const postButtons =
      assigns && at === 0
        ? view.posts.map(({ post, at }) =>
            pageButton(say('people.assign_post', { post: term(prompts, post) }), 'assign', id, `post.${at}`),
          )
        : []
    const back = [pageButton(say('button.back'), 'summary', id)]
    return { text, rows: [...personRows, ...turning, ...inPairs(postButtons), back] }
  },
}

/** Whoever has only to submit has still something to do. */
const left = ({ done, count, owes }: PersonProgress): number => count - done + (owes === 'submission' ? 0.5 : 0)

function personLine({ say }: Visit, { member, done, count, submitted, owes }: PersonProgress): string {
  const name = member.name ?? say('office.somebody')
  if (submitted) return say('people.submitted', { name })
  if (owes === 'submission') return say('people.unsubmitted', { name })
  return count === 0
    ? say('people.no_duty', { name })
    : say('people.line', { name, done, count, bar: bar(done / count) })
}

/** Arguments: the assessment, and the membership of the person. */
const person: PageSpec = {
  permission: 'see_summary',
  community: ofAssessment(),
  show: async (visit) => {
    const { say, language } = visit
    const view = await theView(visit)
    const { id } = view.assessment
    const back = [pageButton(say('button.back'), 'people', id)]
    const one = view.people.find(({ member }) => member.id === arg(visit, 1))
    if (!one) return { text: lines(say('people.gone')), rows: [back] }
    const prompts = promptsOf(view.book, language)
    const open = await openTitles(visit, view, one)
    const posts = one.member.posts.map((post) => term(prompts, post)).join(say('list.comma'))
    const text = lines(
      bold(one.member.name ?? say('office.somebody')),
      say(`role.${one.member.role}`) + (posts === '' ? '' : say('home.posts', { posts })),
      personLine(visit, one),
      ...(open.length > 0 ? ['', bold(say('people.open'))] : []),
      ...open.slice(0, OPEN_SHOWN).map((title) => `○ ${title}`),
      ...(open.length > OPEN_SHOWN ? [say('people.more', { count: open.length - OPEN_SHOWN })] : []),
    )
    const nudge =
      takes(view.assessment, visit.now) &&
      may(visit.memberships, 'nudge', view.assessment.community.id) &&
      one.owes !== 'nothing' &&
      one.member.person !== visit.person
        ? [[deedButton(say('people.nudge'), 'nudge', id, one.member.id)]]
        : []
    return { text, rows: [...nudge, back] }
  },
}

/** Titles of the person's open questions; in an individual round of their own sheet. */
async function openTitles({ desk, language }: Visit, view: View, { member }: PersonProgress): Promise<string[]> {
  const { questionnaire } = view.book
  const prompts = promptsOf(view.book, language)
  const individual = view.assessment.round.mode === 'individual'
  const own = view.sheets.find((sheet) => sheet.person === member.person)
  const answers = individual ? own?.answers : view.answers
  const back = new Set(view.sentBack.map(({ question }) => question))
  const { id: community } = view.assessment.community
  const mine = individual
    ? undefined
    : dutiesOf(
        questionnaire,
        member.person,
        community,
        await desk.members.memberships(member.person),
        await desk.work.assigned(view.assessment.id),
      )
  return questionnaire.questions
    .filter(({ id, index }) => (!mine || mine[index]) && (!isAnswered(answers?.get(id)) || back.has(id)))
    .map((one) => `${one.id} ${wordsOf(prompts, one)?.title ?? prompts.extras[one.id] ?? ''}`.trim())
}

const takes = ({ status, round }: View['assessment'], now: number): boolean =>
  status === 'open' && phaseOf(round, now) === 'open'

/** Once a person and day; at night it waits for the morning, and says so. */
const nudge: DeedSpec = {
  permission: 'nudge',
  community: ofAssessment(),
  from: ['person'],
  run: async (visit) => {
    const { desk, say, now, language } = visit
    const view = await theView(visit)
    const { id, community } = view.assessment
    const one = view.people.find(({ member }) => member.id === arg(visit, 1))
    if (!one) return { notice: say('people.gone') }
    if (!takes(view.assessment, now)) return { notice: say('home.not_open') }
    const { member } = one
    const name = member.name ?? say('office.somebody')
    if (one.owes === 'nothing') return { notice: say('people.nothing_left', { name }) }
    const { year, month, day } = zonedParts(now, community.timeZone)
    const dueAt = decentInstant(now, community.timeZone)
    const key = `nudge:${id}:${member.person}:${year}-${month}-${day}`
    const added = await tell(desk, [{ key, person: member.person, telling: { type: 'nudge', assessment: id }, dueAt }])
    if (added === 0) return { notice: say('people.nudged_before', { name }) }
    return {
      notice:
        dueAt > now
          ? say('people.nudge_later', { name, when: momentText(dueAt, community.timeZone, language) })
          : say('people.nudged', { name }),
    }
  },
}

export const PEOPLE_PAGES = { people, person }
export const PEOPLE_DEEDS = { nudge }
