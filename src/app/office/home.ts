/** The first page of whoever has a role: the rounds to work in, what they lead, and practice. */
import { communitiesFor, may, mayAnywhere } from '../../core/access.js'
import { type Phase, phaseOf } from '../../core/round.js'
import { comeBackTo } from '../enter.js'
import { momentText } from '../moments.js'
import { bold, lines } from '../rich.js'
import type { Button, Card } from '../speech.js'
import { button } from '../views/view.js'
import { promptsOf, term } from '../words.js'
import { beginIn } from './enter-round.js'
import { mayPractise, ownAssessments } from './front.js'
import {
  assessmentOf,
  type DeedSpec,
  deedButton,
  HOME,
  ofAssessment,
  ofDistrict,
  type PageSpec,
  pageButton,
  type Visit,
} from './visit.js'

/** Rounds that are over stay on the page for a look at the summary; this many of them. */
const MOST_OVER = 3

const home: PageSpec = {
  permission: 'anyone',
  community: ofDistrict,
  show: homeCard,
}

async function homeCard(visit: Visit): Promise<Card> {
  const { desk, say, memberships, language, now } = visit
  const assessments = await ownAssessments(desk, memberships)
  const shown = assessments.filter(({ round }, i) => isCurrent(phaseOf(round, now)) || i < MOST_OVER)
  const name = await desk.members.nameOf(visit.person)
  const prompts = promptsOf(desk.books.current, language)
  const roles: string[] = []
  for (const { role, community, posts } of memberships) {
    const place =
      community === null ? say('office.district') : ((await desk.communities.community(community))?.name ?? '')
    const named = posts.map((post) => term(prompts, post)).join(say('list.comma'))
    roles.push(
      say('home.role', { place, role: say(`role.${role}`) }) +
        (named === '' ? '' : say('home.posts', { posts: named })),
    )
  }
  const rounds = shown.map(({ round, community }) =>
    say(`home.round_${phaseOf(round, now)}`, {
      round: round.name,
      community: community.name,
      opens: momentText(round.opensAt.getTime(), round.timeZone, language),
      deadline: momentText(round.deadline.getTime(), round.timeZone, language),
    }),
  )
  const text = lines(
    bold(name === null ? say('home.title') : say('home.title_named', { name })),
    ...roles,
    '',
    ...(rounds.length > 0 ? rounds : [say('home.no_round')]),
  )
  return { text, rows: [...shown.flatMap((one) => roundRows(visit, one)), ...(await otherRows(visit))] }
}

const isCurrent = (phase: Phase): boolean => phase === 'open' || phase === 'waiting'

function roundRows(
  visit: Visit,
  { id, round, community }: Awaited<ReturnType<typeof ownAssessments>>[number],
): Button[][] {
  const { say, memberships, now } = visit
  const label = { community: community.name, round: round.name }
  const answers = phaseOf(round, now) === 'open' && may(memberships, 'answer', community.id)
  const leads = may(memberships, 'see_summary', community.id)
  return [
    ...(answers ? [[deedButton(say('home.enter', label), 'enter', id)]] : []),
    ...(leads ? [[pageButton(say('home.summary', label), 'summary', id)]] : []),
  ]
}

async function otherRows({ desk, say, memberships, inbound }: Visit): Promise<Button[][]> {
  const led = communitiesFor(memberships, 'see_members')
  const many = led.length > 1
  const members: Button[][] = []
  for (const community of led) {
    const name = many ? ((await desk.communities.community(community))?.name ?? '') : ''
    const buttons = [
      pageButton(many ? say('home.members_of', { community: name }) : say('home.members'), 'members', community),
      pageButton(many ? say('notices.button_of', { community: name }) : say('notices.button'), 'notices', community),
    ]
    members.push(...(many ? buttons.map((one) => [one]) : [buttons]))
  }
  const district = mayAnywhere(memberships, 'see_overview') ? [[pageButton(say('home.manage'), 'manage')]] : []
  const practice = (await mayPractise(desk, inbound)) ? [[deedButton(say('home.practise'), 'practise')]] : []
  // Nobody stands before a card without a way on.
  const data = memberships.length === 0 ? [[dataButton(say)]] : []
  return [...members, ...district, ...practice, ...data]
}

/** For those without a role while practice is switched off. */
const closed: PageSpec = {
  permission: 'anyone',
  community: ofDistrict,
  show: async ({ say }) => ({
    text: lines(bold(say('welcome.title')), say('office.needs_invitation')),
    rows: [[dataButton(say)]],
  }),
}

const dataButton = (say: Visit['say']): Button => button(say('privacy.title'), { do: 'privacy' })

const enter: DeedSpec = {
  permission: 'answer',
  community: ofAssessment(),
  from: 'anywhere',
  run: async (visit) => {
    const { desk, session, say } = visit
    const assessment = await assessmentOf(visit)
    return (assessment && (await beginIn(desk, session, assessment))) ?? { notice: say('home.not_open') }
  },
}

/** To one's practice sheet: the one in hand, or a fresh one, which the conversation starts. */
const practise: DeedSpec = {
  permission: 'anyone',
  community: ofDistrict,
  from: 'anywhere',
  run: async (visit) => {
    const { desk, session, person, memberships, inbound, now } = visit
    if (!(await mayPractise(desk, inbound)))
      return { to: HOME, notice: visit.say(memberships.length > 0 ? 'home.practice_off' : 'office.practice_off') }
    const there = await desk.records.practiceSheet(person)
    const begin = () => {
      const id = desk.sheetIdFor(inbound.address, inbound.id)
      const rubric = desk.books.current.hash
      return desk.records.startSheet({ id, person, assessment: null, rubric, at: new Date(now) }, null)
    }
    const id = there?.id ?? (await begin()).id
    return { to: (await comeBackTo(desk, session, id)) ?? session }
  },
}

export const HOME_PAGES = { home, closed }
export const HOME_DEEDS = { enter, practise }
