/** 对象: whom a notice is for, chosen facet by facet, with how many people that are now. */
import { type Audience, EVERYONE } from '../../core/audience.js'
import { resolveAudience } from '../audience.js'
import type { Notice } from '../notices.js'
import { bold, lines } from '../rich.js'
import { inPairs } from '../views/rows.js'
import { listed } from './listing.js'
import { audienceText, type Facet, facetsFor, facetText } from './notice-audience-words.js'
import { choicesOf, withChoice } from './notice-choices.js'
import { changeDraft, ofDraft, overtaken, takesNothing } from './notice-drafts.js'
import { theNotice } from './notice-progress.js'
import {
  arg,
  type DeedSpec,
  deedButton,
  numberArg,
  type Outcome,
  type PageSpec,
  pageButton,
  type Visit,
} from './visit.js'

const noticeFor: PageSpec = {
  permission: 'notify',
  community: ofDraft,
  show: async (visit) => {
    const { say } = visit
    const draft = await theNotice(visit)
    const { id, number, audience } = draft
    const facets = facetsFor(draft)
    const chosen = await Promise.all(facets.map((facet) => facetText(visit, audience, facet)))
    const buttons = facets.map((facet, i) => {
      const label = say(`notices.facet.${facet}`)
      return pageButton(chosen[i] === undefined ? label : `✓ ${label}`, 'notice_pick', id, facet, '0')
    })
    const asks = chosen.some((one) => one !== undefined)
    return {
      text: lines(
        bold(say('notices.audience_title', { number })),
        asks ? undefined : await audienceText(visit, draft),
        ...facets.flatMap((facet, i) =>
          chosen[i] === undefined
            ? []
            : [say('manage.field', { name: say(`notices.facet.${facet}`), value: chosen[i] })],
        ),
        '',
        await countText(visit, draft),
        say('notices.audience_hint'),
      ),
      rows: [
        ...inPairs(buttons),
        ...(asks ? [[deedButton(say('notices.clear'), 'notice_all', id)]] : []),
        [pageButton(say('button.back'), 'notice_draft', id)],
      ],
    }
  },
  ...takesNothing('notices.refused.typed'),
}

/** `现在是 12 人`. */
const countText = async ({ desk, say }: Visit, draft: Notice): Promise<string> =>
  say('notices.count', { count: (await resolveAudience(desk, draft)).recipients.length })

const facetOf = (visit: Visit, draft: Notice): Facet | undefined =>
  facetsFor(draft).find((facet) => facet === arg(visit, 1))

/** Of a draft that has the facet that the second argument names. */
async function ofFacet(visit: Visit): Promise<string | null | undefined> {
  const community = await ofDraft(visit)
  return community !== undefined && facetOf(visit, await theNotice(visit)) ? community : undefined
}

/** Arguments: the draft, the facet, the part of the list. */
const noticePick: PageSpec = {
  permission: 'notify',
  community: ofFacet,
  show: async (visit) => {
    const { say } = visit
    const draft = await theNotice(visit)
    const facet = facetOf(visit, draft)!
    const { id } = draft
    const place = { argument: 2, before: [id, facet] }
    const { items, count, at, line, turning } = await listed(
      visit,
      'notice_pick',
      place,
      choicesOf(visit, draft, facet),
    )
    const choices = items.map(({ value, label, on }) => [
      deedButton(`${on ? '✓' : '○'} ${label}`, 'notice_pick', id, facet, value, on ? 'off' : 'on', String(at)),
    ])
    return {
      text: lines(
        bold(say(`notices.facet.${facet}`)),
        say(`notices.pick.${count === 0 ? 'none' : facet}`),
        line,
        '',
        await countText(visit, draft),
      ),
      rows: [...choices, ...turning, [pageButton(say('button.back'), 'notice_for', id)]],
    }
  },
  ...takesNothing('notices.refused.typed'),
  ...overtaken,
  typed: async (visit, text): Promise<Outcome> => {
    const { desk, say } = visit
    const draft = await theNotice(visit)
    if (facetOf(visit, draft) !== 'unread') return { notice: say('notices.refused.typed') }
    const number = numberIn(text)
    const notice = number === undefined ? undefined : await desk.notices.byNumber(number)
    const audience = notice && (await withChoice(visit, draft, 'unread', notice.id, true))
    if (!audience) return { notice: say('notices.refused.number') }
    await keep(visit, draft, 'unread', audience)
    return { to: { page: 'notice_for', args: [draft.id] } }
  },
}

/** `通知 12`, `12`, `notice #12`. */
export function numberIn(text: string): number | undefined {
  const digits = /^(?:第|通知|notice)?\s*(?:第|#|no\.?)?\s*(\d{1,9})\s*(?:条|号)?$/i.exec(text.normalize('NFKC').trim())
  return digits ? Number(digits[1]) : undefined
}

/** The fourth argument is what is wanted, so that a second tap on the same button changes nothing; the fifth the part of the list. */
const pick: DeedSpec = {
  permission: 'notify',
  community: ofFacet,
  from: ['notice_pick'],
  run: async (visit): Promise<Outcome> => {
    const { say } = visit
    const draft = await theNotice(visit)
    const facet = facetOf(visit, draft)!
    const wanted = arg(visit, 3)
    const known = wanted === 'on' || wanted === 'off'
    const audience = known ? await withChoice(visit, draft, facet, arg(visit, 2), wanted === 'on') : undefined
    if (!audience) return { notice: say('notice.button_outdated') }
    await keep(visit, draft, facet, audience)
    return { to: { page: 'notice_pick', args: [draft.id, facet, String(numberArg(visit, 4))] } }
  },
}

async function keep(visit: Visit, draft: Notice, facet: Facet, audience: Audience): Promise<void> {
  if (asked(audience) === asked(draft.audience)) return
  const [before, after] = await Promise.all([
    facetText(visit, draft.audience, facet),
    facetText(visit, audience, facet),
  ])
  const about = { before: { [`for_${facet}`]: before ?? null }, after: { [`for_${facet}`]: after ?? null } }
  await changeDraft(visit, draft, { audience }, about)
}

/** The same text for the same audience. */
const asked = ({ roles, posts, communities, streets, openIn, atLeast, unread }: Audience): string =>
  JSON.stringify([roles, posts, communities, streets, openIn, atLeast?.round, atLeast?.grade, unread])

const everybody: DeedSpec = {
  permission: 'notify',
  community: ofDraft,
  from: ['notice_for'],
  run: async (visit): Promise<Outcome> => {
    const draft = await theNotice(visit)
    const before = { audience: await audienceText(visit, draft) }
    const after = { audience: await audienceText(visit, { ...draft, audience: EVERYONE }) }
    if (asked(draft.audience) !== asked(EVERYONE))
      await changeDraft(visit, draft, { audience: EVERYONE }, { before, after })
    return { notice: visit.say('notices.cleared') }
  },
}

export const AUDIENCE_PAGES: Record<string, PageSpec> = { notice_for: noticeFor, notice_pick: noticePick }
export const AUDIENCE_DEEDS: Record<string, DeedSpec> = { notice_pick: pick, notice_all: everybody }
