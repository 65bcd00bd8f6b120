/** 未完成的人: how far everybody is, by person and by post; a reminder to one of them. */
import { isAnswered } from '../../core/answer.js'
import { dutiesOf } from '../../core/duty.js'
import { phaseOf } from '../../core/round.js'
import { decentInstant, zonedParts } from '../../core/zoned-time.js'
import { momentText } from '../moments.js'
import { bold, lines } from '../rich.js'
import type { Button } from '../speech.js'
import { tell } from '../tell.js'
import { bar } from '../views/bar.js'
import { promptsOf, term, wordsOf } from '../words.js'
import type { PersonProgress, View } from './standings.js'
import { theView } from './summary.js'
import {
  arg,
  type DeedSpec,
  deedButton,
  ofAssessment,
  type PageSpec,
  pageButton,
  theAssessment,
  type Visit,
} from './visit.js'

/** A page shows this many people; communities are a few dozen at most. */
const MOST_PEOPLE = 40
const OPEN_SHOWN = 15

const people: PageSpec = {
  permission: 'see_summary',
  community: ofAssessment(),
  show: async (visit) => {
    const { say, language } = visit
    const view = await theView(visit)
    const { assessment, unowned } = view
    const shared = assessment.round.mode === 'shared'
    const prompts = promptsOf(view.book, language)
    // Whoever has most to do stands first.
    const sorted = [...view.people].sort((a, b) => left(b) - left(a)).slice(0, MOST_PEOPLE)
    const text = lines(
      bold(say('people.title')),
      assessment.community.name,
      '',
      ...sorted.map((one) => personLine(visit, one)),
      ...(sorted.length === 0 ? [say('people.nobody')] : []),
      ...(shared
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
    const { id } = assessment
    const personRows = sorted.map((one) => [
      pageButton(`${one.member.name ?? say('office.somebody')} ${one.done}/${one.count}`, 'person', id, one.member.id),
    ])
    const postButtons = shared
      ? view.posts.map(({ post, at }) =>
          pageButton(say('people.assign_post', { post: term(prompts, post) }), 'assign', id, `post.${at}`),
        )
      : []
    return { text, rows: [...personRows, ...pairs(postButtons), [pageButton(say('button.back'), 'summary', id)]] }
  },
}

const left = ({ done, count }: PersonProgress): number => count - done

function personLine({ say }: Visit, { member, done, count, submitted }: PersonProgress): string {
  const name = member.name ?? say('office.somebody')
  if (submitted) return say('people.submitted', { name })
  return count === 0
    ? say('people.no_duty', { name })
    : say('people.line', { name, done, count, bar: bar(done / count) })
}

function pairs(buttons: readonly Button[]): Button[][] {
  return buttons.flatMap((_one, i) => (i % 2 === 0 ? [buttons.slice(i, i + 2)] : []))
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
      left(one) > 0 && one.member.person !== visit.person
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

/** Once a person and day; at night it waits for the morning, and says so. */
const nudge: DeedSpec = {
  permission: 'nudge',
  community: ofAssessment(),
  from: ['person'],
  run: async (visit) => {
    const { desk, say, now, language } = visit
    const { id, community, round, status } = await theAssessment(visit)
    const member = (await desk.members.membersOf(community.id)).find((one) => one.id === arg(visit, 1))
    if (!member) return { notice: say('people.gone') }
    if (status !== 'open' || phaseOf(round, now) !== 'open') return { notice: say('home.not_open') }
    const { year, month, day } = zonedParts(now, community.timeZone)
    const dueAt = decentInstant(now, community.timeZone)
    const key = `nudge:${id}:${member.person}:${year}-${month}-${day}`
    const added = await tell(desk, [{ key, person: member.person, telling: { type: 'nudge', assessment: id }, dueAt }])
    const name = member.name ?? say('office.somebody')
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
