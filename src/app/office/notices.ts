/** 通知: the list of a place's notices, and a new one, blank or from a template. Its draft: notice-draft.ts. On its way: notice-progress.ts. */
import { mayAnywhere } from '../../core/access.js'
import { EVERYONE } from '../../core/audience.js'
import { versionFor } from '../notice-card.js'
import { TEMPLATES, type Template, templateOf } from '../notice-templates.js'
import type { Notice } from '../notices.js'
import { bold, lines } from '../rich.js'
import type { Button } from '../speech.js'
import { listed } from './listing.js'
import { AUDIENCE_DEEDS, AUDIENCE_PAGES } from './notice-audience.js'
import { CHECK_DEEDS, CHECK_PAGES } from './notice-check.js'
import { COPY_DEEDS } from './notice-copy.js'
import { DRAFT_DEEDS, DRAFT_PAGES } from './notice-draft.js'
import { noticeChange, takesNothing } from './notice-drafts.js'
import { noticeStanding, phaseWords } from './notice-progress.js'
import { TEXT_DEEDS, TEXT_PAGES } from './notice-text.js'
import { WHEN_DEEDS, WHEN_PAGES } from './notice-when.js'
import { DISTRICT, ofPlace, placeAt, placeOf } from './places.js'
import { arg, type DeedSpec, deedButton, type Outcome, type PageSpec, pageButton, type Visit } from './visit.js'

const KINDS = ['blank', ...TEMPLATES] as const
/** Letters of a notice that its button shows. */
const FIRST_WORDS = 20

const notices: PageSpec = {
  permission: 'notify',
  community: ofPlace(),
  show: async (visit) => {
    const { desk, say, memberships } = visit
    const place = await placeAt(visit)
    const id = place.id ?? DISTRICT
    const { items, count, line, turning } = await listed(visit, 'notices', { argument: 1, before: [id] }, (slice) =>
      desk.notices.list(place.id, slice),
    )
    const back = mayAnywhere(memberships, 'see_overview')
      ? pageButton(say('button.back'), 'manage')
      : pageButton(say('button.home'), 'home')
    return {
      text: lines(
        bold(say('notices.title', { place: place.name, count })),
        line,
        count === 0 ? say('notices.none') : undefined,
      ),
      rows: [
        [pageButton(say('notices.write'), 'notice_kinds', id)],
        ...(await Promise.all(items.map(async (one) => [await noticeButton(visit, one, place.id)]))),
        ...turning,
        [back],
      ],
    }
  },
  ...takesNothing('notices.refused.typed'),
}

/** `12 · 草稿 · 第4季度评定现在开始`; with its community in the list of all. */
async function noticeButton(visit: Visit, notice: Notice, place: string | null): Promise<Button> {
  const { desk, say } = visit
  const { id, number, status, community } = notice
  const draft = status === 'draft'
  const phase = draft ? say('notice_progress.phase.draft') : phaseWords(say, await noticeStanding(desk, notice))
  const where = community === place ? [] : [(await placeOf(visit, community)).name]
  const label = [number, phase, ...where, firstWords(visit, notice)].join(' · ')
  return pageButton(label, draft ? 'notice_draft' : 'notice', id)
}

function firstWords({ desk, say, language }: Visit, notice: Notice): string {
  const words = [...versionFor(notice, language, desk.defaultLanguage).text.replace(/\s+/g, ' ')]
  if (words.length === 0) return say('notices.no_text')
  return words.length > FIRST_WORDS ? `${words.slice(0, FIRST_WORDS).join('')}…` : words.join('')
}

const noticeKinds: PageSpec = {
  permission: 'notify',
  community: ofPlace(),
  show: async (visit) => {
    const { say } = visit
    const { id, name } = await placeAt(visit)
    const place = id ?? DISTRICT
    return {
      text: lines(bold(say('notices.kinds_title', { place: name })), say('notices.kinds_hint')),
      rows: [
        ...KINDS.map((kind) => [deedButton(say(`notices.kind.${kind}`), 'notice_new', place, kind)]),
        [pageButton(say('button.back'), 'notices', place)],
      ],
    }
  },
  ...takesNothing('notices.refused.typed'),
}

/** Arguments: the place, and what it begins as. A blank one goes on to its text. */
const noticeNew: DeedSpec = {
  permission: 'notify',
  community: ofPlace(),
  from: ['notice_kinds'],
  run: async (visit): Promise<Outcome> => {
    const { desk, say, inbound, person, language } = visit
    const kind = KINDS.find((one) => one === arg(visit, 1))
    if (!kind) return { notice: say('notice.button_outdated') }
    const { id: community, zone } = await placeAt(visit)
    const id = desk.idFor('n', inbound.address, inbound.id)
    const begun = await beginning(visit, kind, community)
    const change = noticeChange(visit, { id, community }, 'notice_created', { after: { template: kind } })
    const fields = { ...begun, media: null, sendAt: null, timeZone: zone }
    await desk.notices.create({ id, community, by: person, ...fields }, change)
    const to = kind === 'blank' ? { page: 'notice_text', args: [id, language] } : { page: 'notice_draft', args: [id] }
    return { to, notice: say('notices.created') }
  },
}

const beginning = async ({ desk }: Visit, kind: 'blank' | Template, community: string | null) =>
  kind === 'blank' ? { versions: {}, audience: EVERYONE } : templateOf(desk, kind, community)

export const NOTICE_PAGES: Record<string, PageSpec> = {
  notices,
  notice_kinds: noticeKinds,
  ...DRAFT_PAGES,
  ...TEXT_PAGES,
  ...AUDIENCE_PAGES,
  ...WHEN_PAGES,
  ...CHECK_PAGES,
}
export const NOTICE_DEEDS: Record<string, DeedSpec> = {
  notice_new: noticeNew,
  ...COPY_DEEDS,
  ...DRAFT_DEEDS,
  ...TEXT_DEEDS,
  ...AUDIENCE_DEEDS,
  ...WHEN_DEEDS,
  ...CHECK_DEEDS,
}
