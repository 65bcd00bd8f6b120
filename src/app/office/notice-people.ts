/** 名单: what became of a notice for each of the people that it is for; all of them also as a file. */
import { RECIPIENT_STATES, type RecipientState } from '../../core/notice.js'
import type { Notice, Recipient } from '../notices.js'
import { bold } from '../rich.js'
import type { Button } from '../speech.js'
import { inPairs } from '../views/rows.js'
import { fitted } from '../views/score-lines.js'
import { instantText } from './audit-words.js'
import { listed, PEOPLE_AT_ONCE } from './listing.js'
import { takesNothing } from './notice-drafts.js'
import { departedOf, noticeFile } from './notice-file.js'
import { ofNotice, statesIn, theNotice } from './notice-progress.js'
import { reasonText } from './notice-words.js'
import { arg, type DeedSpec, deedButton, type PageSpec, pageButton, type Visit } from './visit.js'

const ALL = 'all'
const COMMUNITIES_SHOWN = 2
const LONGEST_REASON = 60

/** Arguments: the notice, a state or `all`, the part of the list. */
const people: PageSpec = {
  permission: 'notify',
  community: ofNotice,
  show: async (visit) => {
    const { desk, say, now } = visit
    const notice = await theNotice(visit)
    const { id, number, timeZone } = notice
    const state = RECIPIENT_STATES.find((one) => one === arg(visit, 1)) ?? null
    const about = { argument: 2, before: [id, state ?? ALL], size: PEOPLE_AT_ONCE }
    const { items, count, line, turning } = await listed(visit, 'notice_people', about, (slice) =>
      desk.notices.recipients(id, state, slice),
    )
    const tally = await desk.notices.tally(id, new Date(now))
    const departed = await departedOf(desk, items)
    const filters = [
      ...(state === null ? [] : [filter(visit, id, ALL, tally.recipients)]),
      ...statesIn(tally).flatMap((one) => (one === state ? [] : [filter(visit, id, one, tally.states[one])])),
    ]
    return {
      text: fitted(
        [
          bold(
            say('notice_progress.people_title', { number, state: say(`notice_progress.state.${state ?? ALL}`), count }),
          ),
          say('notice_progress.zone', { zone: timeZone }),
          line,
          '',
        ],
        items.length === 0
          ? [say('notice_progress.nobody')]
          : items.map((one) => personLine(visit, notice, one, departed)),
        [],
        say('result.cut'),
      ),
      rows: [
        ...turning,
        ...inPairs(filters),
        [deedButton(say('notice_progress.export'), 'notice_export', id), pageButton(say('button.back'), 'notice', id)],
      ],
    }
  },
  ...takesNothing('notices.refused.typed'),
}

const filter = ({ say }: Visit, id: string, state: RecipientState | typeof ALL, count: number): Button =>
  pageButton(
    say('notice_progress.filter', { state: say(`notice_progress.state.${state}`), count }),
    'notice_people',
    id,
    state,
    '0',
  )

/** `王芳（渝康社区）：已阅，2026-11-23（周一）10:05`. */
function personLine(
  { say, language }: Visit,
  { timeZone }: Notice,
  one: Recipient,
  departed: ReadonlySet<string>,
): string {
  const { name, communities, state, sentAt, acknowledgedAt, reason } = one
  const comma = say('list.comma')
  const shown = communities.slice(0, COMMUNITIES_SHOWN).join(comma)
  const more = communities.length > COMMUNITIES_SHOWN ? '…' : ''
  const at = (state === 'read' ? acknowledgedAt : sentAt)?.getTime()
  const when = at === undefined ? '' : instantText(at, language, timeZone)
  const why = reason === null ? '' : [...reasonText(say, reason)].slice(0, LONGEST_REASON).join('')
  const nowhere = say(departed.has(one.person) ? 'notice_progress.departed' : 'office.district')
  const known = { name: name ?? say('office.somebody'), place: shown + more || nowhere }
  const rest = [say(`notice_progress.state.${state}`), when, why].filter((part) => part !== '')
  return say('notice_progress.person', { ...known, what: rest.join(say('list.semicolon')) })
}

const exportDeed: DeedSpec = {
  permission: 'notify',
  community: ofNotice,
  from: ['notice', 'notice_people'],
  run: async (visit) => {
    const { file, count } = await noticeFile(visit, await theNotice(visit))
    return { file, notice: visit.say('notice_progress.exported', { count }) }
  },
}

export const NOTICE_PEOPLE_PAGES: Record<string, PageSpec> = { notice_people: people }
export const NOTICE_PEOPLE_DEEDS: Record<string, DeedSpec> = { notice_export: exportDeed }
