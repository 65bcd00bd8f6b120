/** What a notice may begin as: texts for the usual occasions in every language, filled in as far as the program knows. */
import { type Audience, EVERYONE } from '../core/audience.js'
import { type Phase, phaseOf } from '../core/round.js'
import type { Desk } from './desk.js'
import type { Formatted } from './formatted.js'
import { momentText } from './moments.js'
import type { Round } from './rounds.js'

export const TEMPLATES = ['opening', 'deadline', 'results', 'meeting'] as const
export type Template = (typeof TEMPLATES)[number]

/** Around what only the writer knows; a text that still has the first of them is not finished. */
export const GAP = '〔'

/** Rounds that an occasion may be about, the likeliest first. */
const PHASES: Readonly<Record<Template, readonly Phase[]>> = {
  opening: ['waiting', 'open', 'draft'],
  deadline: ['open'],
  results: ['closed', 'over', 'open'],
  meeting: ['open', 'waiting'],
}
/** Rounds and communities that are looked through; nobody has more that matter. */
const MOST_ROUNDS = 100
const MOST_COMMUNITIES = 1000

/** Texts by language and an audience for them. `community`: the one that it is for; null: the district. */
export async function templateOf(
  desk: Desk,
  template: Template,
  community: string | null,
): Promise<{ readonly versions: Record<string, Formatted>; readonly audience: Audience }> {
  const round = await roundFor(desk, template, community)
  const versions = Object.fromEntries(
    desk.locales.languages.map((language) => [language, textIn(desk, template, round, language)]),
  )
  return { versions, audience: await audienceFor(desk, template, community, round) }
}

/** The newest round of the likeliest kind in which the community takes part. */
async function roundFor(desk: Desk, template: Template, community: string | null): Promise<Round | undefined> {
  const rounds =
    community === null
      ? (await desk.rounds.list({ offset: 0, limit: MOST_ROUNDS })).items
      : (await desk.rounds.assessmentsOf([community], MOST_ROUNDS)).map(({ round }) => round)
  for (const phase of PHASES[template]) {
    const found = rounds.find((one) => phaseOf(one, desk.now()) === phase)
    if (found) return found
  }
  return undefined
}

/** The first line is the heading. */
function textIn(desk: Desk, template: Template, round: Round | undefined, language: string): Formatted {
  const say = desk.locales.in(language)
  const moment = (at: Date) => momentText(at.getTime(), round!.timeZone, language)
  const text = say(`notices.template.${template}`, {
    round: round?.name ?? say('notices.gap.round'),
    opens: round ? moment(round.opensAt) : say('notices.gap.time'),
    deadline: round ? moment(round.deadline) : say('notices.gap.time'),
  }).trim()
  return { text, entities: [{ type: 'bold', offset: 0, length: text.split('\n')[0]!.length }] }
}

async function audienceFor(
  desk: Desk,
  template: Template,
  community: string | null,
  round: Round | undefined,
): Promise<Audience> {
  switch (template) {
    case 'deadline':
      return { ...EVERYONE, openIn: round?.id ?? null }
    case 'meeting':
      return community === null ? { ...EVERYONE, roles: ['head'] } : EVERYONE
    case 'opening':
    case 'results': {
      const roles = template === 'opening' ? (['worker', 'head'] as const) : (['worker', 'head', 'assessor'] as const)
      return { ...EVERYONE, roles, communities: community === null ? await partOf(desk, round) : [] }
    }
  }
}

/** Communities that take part; none, which is all, where every one does. */
async function partOf(desk: Desk, round: Round | undefined): Promise<readonly string[]> {
  if (!round) return []
  const { items, count } = await desk.rounds.choices(round.id, { offset: 0, limit: MOST_COMMUNITIES })
  const there = items.filter(({ takesPart }) => takesPart).map(({ community }) => community.id)
  return there.length === count ? [] : there
}
