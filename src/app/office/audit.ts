/** The audit log in words, newest first, and as a file. */
import { csv } from '../csv.js'
import type { Change } from '../district.js'
import { bold, lines } from '../rich.js'
import { changeText, instantText, wordOr } from './audit-words.js'
import { listed } from './listing.js'
import { DISTRICT_ZONE } from './places.js'
import { type DeedSpec, deedButton, type Outcome, ofDistrict, type PageSpec, pageButton, type Visit } from './visit.js'

/** Lines read from the database at once for the file. */
const SLICE = 500

type Line = Change & { readonly name: string | null }

const audit: PageSpec = {
  permission: 'see_audit',
  community: ofDistrict,
  show: async (visit) => {
    const { desk, say } = visit
    const { items, count, line, turning } = await listed(visit, 'audit', { argument: 0 }, desk.audit.list)
    const shown: string[] = []
    for (const one of items) shown.push(await lineText(visit, one))
    return {
      text: lines(
        bold(say('audit.title', { count })),
        count === 0 ? say('audit.none') : say('audit.zone', { zone: DISTRICT_ZONE }),
        line,
        ...shown.flatMap((one) => ['', one]),
      ),
      rows: [
        ...turning,
        ...(count > 0 ? [[deedButton(say('audit.export'), 'audit_export')]] : []),
        [pageButton(say('button.back'), 'manage')],
      ],
    }
  },
}

async function lineText(visit: Visit, one: Line): Promise<string> {
  const { say, language } = visit
  const known = {
    time: instantText(one.at.getTime(), language),
    name: whoText(visit, one),
    // One of a later version has no words here.
    action: wordOr(visit, `audit.actions.${one.action}`, one.action),
  }
  const subject = await subjectText(visit, one)
  const head = subject === '' ? say('audit.line', known) : say('audit.line_about', { ...known, subject })
  const change = await changeText(visit, one)
  return change === '' ? head : `${head}\n${change}`
}

/** All that `npm run admin` changes. A line of somebody who had themselves erased has no person either. */
const BY_COMMAND_LINE: ReadonlySet<string> = new Set(['communities_imported', 'invitation_created'])

const whoText = ({ say }: Visit, { person, name, action }: Line): string => {
  if (person !== null) return name ?? say('office.somebody')
  return say(BY_COMMAND_LINE.has(action) ? 'audit.command_line' : 'audit.erased')
}

/** What it was done to, as it is called now; '' where that needs no saying. */
async function subjectText({ desk, say }: Visit, { subject, person, community }: Change): Promise<string> {
  const [kind, id = ''] = subject.split(':')
  const place = community === null ? '' : ((await desk.communities.community(community))?.name ?? '')
  const what = await nameOf()
  return [what, what === place ? '' : place].filter((one) => one !== '').join(say('list.comma'))

  async function nameOf(): Promise<string> {
    switch (kind) {
      case 'community':
        return (await desk.communities.community(id))?.name ?? ''
      case 'round':
        return (await desk.rounds.round(id))?.name ?? ''
      case 'notice': {
        const notice = await desk.notices.notice(id)
        return notice ? say('notice_progress.called', { number: notice.number }) : ''
      }
      case 'assessment':
        return (await desk.rounds.assessment(id))?.round.name ?? ''
      case 'person':
        return id === person ? '' : ((await desk.members.nameOf(id)) ?? say('office.somebody'))
      default:
        return ''
    }
  }
}

/** The whole log as a table; what is in it as JSON is what the database holds. */
const auditExport: DeedSpec = {
  permission: 'see_audit',
  community: ofDistrict,
  from: ['audit'],
  run: async (visit): Promise<Outcome> => {
    const { say, now } = visit
    const all = await wholeLog(visit)
    const communities = await communityNames(visit, all)
    const columns = ['time', 'name', 'action', 'subject', 'community', 'before', 'after']
    const rows = all.map((one) => [
      one.at.toISOString(),
      whoText(visit, one),
      one.action,
      one.subject,
      one.community === null ? null : (communities.get(one.community) ?? one.community),
      one.before && JSON.stringify(one.before),
      one.after && JSON.stringify(one.after),
    ])
    const bytes = csv([columns.map((column) => say(`audit.columns.${column}`)), ...rows])
    const day = new Date(now).toISOString().slice(0, '2026-11-23'.length)
    return {
      notice: say('audit.exported', { count: all.length }),
      file: { name: say('audit.file', { day }), mime: 'text/csv', bytes },
    }
  },
}

/** Lines that come while it is read push others into the next slice: each is taken once. */
async function wholeLog({ desk }: Visit): Promise<Line[]> {
  const all = new Map<string, Line>()
  for (let offset = 0; ; offset += SLICE) {
    const { items } = await desk.audit.list({ offset, limit: SLICE })
    for (const one of items) all.set(one.id, one)
    if (items.length < SLICE) return [...all.values()]
  }
}

async function communityNames({ desk }: Visit, all: readonly Change[]): Promise<ReadonlyMap<string, string>> {
  const names = new Map<string, string>()
  for (const id of new Set(all.flatMap(({ community }) => community ?? [])))
    names.set(id, (await desk.communities.community(id))?.name ?? id)
  return names
}

export const AUDIT_PAGES = { audit }
export const AUDIT_DEEDS = { audit_export: auditExport }
