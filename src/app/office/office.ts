/** From an input to a page or a deed and back: commands, buttons, and words typed on a page. */
import type { Input, OfficeCommand } from '../../core/input.js'
import { isLate } from '../../core/input.js'
import type { Session } from '../../core/session.js'
import type { Desk } from '../desk.js'
import { isDoubtful } from '../input-of.js'
import type { Card, Inbound } from '../speech.js'
import type { Taken } from '../take.js'
import { type Answer, askDoor } from './door.js'
import { frontDoor } from './front.js'
import { DEEDS, PAGES } from './pages.js'
import { HOME, type Outcome, type PageSpec, type Ref, type Sent, type Visit } from './visit.js'

export type OfficeInput = { readonly kind: 'office_command'; readonly command: OfficeCommand }

/** What an input does at the office; undefined where it is about a sheet. */
export async function atOffice(
  desk: Desk,
  session: Session,
  input: Input | OfficeInput,
  inbound: Inbound,
): Promise<Taken | undefined> {
  const front = await frontDoor(desk, session, input, inbound)
  if (front) return front === 'sheet' ? undefined : taken(session, front)
  const { view } = session
  if (input.kind === 'press' && input.action.do === 'page')
    return open(desk, session, inbound, { page: input.action.name, args: input.action.args })
  if (input.kind === 'press' && input.action.do === 'deed')
    return doDeed(desk, session, inbound, input.action.name, input.action.args)
  if (view.at !== 'page') return undefined
  if (input.kind === 'text') return give(desk, session, inbound, ({ typed }) => bind(typed, input.text.trim()))
  if (input.kind === 'command' && input.command === 'cancel')
    return taken(session, {
      to: session.sheet ? { ...session, view: { at: session.sheet.mine ? 'mine' : 'resume' } } : HOME,
    })
  return input.kind === 'media' || input.kind === 'unsupported'
    ? give(desk, session, inbound, ({ sent }) => bind(sent, sentIn(inbound)))
    : undefined
}

/** The card of the page that a session is on; home where it is not open to this person (any more). */
export async function pageCard(desk: Desk, session: Session, inbound: Inbound): Promise<Card> {
  const { view } = session
  if (view.at !== 'page') throw new Error(`Expected a page, got \`${view.at}\``)
  const visit = await visitOf(desk, session, inbound, view.args)
  const page = PAGES[view.page]
  const shown = page && (await askDoor(visit, page)) === 'open' ? page : PAGES.home!
  return shown.show(shown === page ? visit : { ...visit, args: [] })
}

async function open(desk: Desk, session: Session, inbound: Inbound, ref: Ref): Promise<Taken> {
  const known = Object.hasOwn(PAGES, ref.page) ? PAGES[ref.page] : undefined
  const page = known?.byButton === false ? undefined : known
  const visit = await visitOf(desk, session, inbound, ref.args)
  const refused = page ? refusal(visit, await askDoor(visit, page)) : refusal(visit, 'refused')
  return refused ?? taken(session, { to: ref })
}

async function doDeed(
  desk: Desk,
  session: Session,
  inbound: Inbound,
  name: string,
  args: readonly string[],
): Promise<Taken> {
  const deed = Object.hasOwn(DEEDS, name) ? DEEDS[name] : undefined
  const visit = await visitOf(desk, session, inbound, args)
  const refused = deed ? refusal(visit, await askDoor(visit, deed)) : refusal(visit, 'refused')
  if (refused) return refused
  const { view } = session
  if (deed!.from !== 'anywhere' && !deed!.from.includes(view.at === 'page' ? view.page : 'sheet'))
    return { session, events: [{ type: 'button_outdated' }] }
  return taken(session, await deed!.run(visit))
}

/** Something that was written or sent, where the page takes such things. */
async function give(
  desk: Desk,
  session: Session,
  inbound: Inbound,
  takes: (page: PageSpec) => ((visit: Visit) => Promise<Outcome>) | undefined,
): Promise<Taken> {
  const { view } = session
  const page = view.at === 'page' ? PAGES[view.page] : undefined
  const take = page && takes(page)
  if (view.at !== 'page' || !take) return { session, events: [{ type: 'input_unexpected' }] }
  const late = isLate(session, inbound, desk.now()) || session.unseen || (await isDoubtful(desk, session, inbound))
  if (late && !page.late) return { session, events: [{ type: 'input_late' }] }
  const visit = await visitOf(desk, session, inbound, view.args)
  const refused = refusal(visit, await askDoor(visit, page))
  return refused ?? taken(session, late ? { notice: page.late!(visit) } : await take(visit))
}

const bind = <T>(take: ((visit: Visit, what: T) => Promise<Outcome>) | undefined, what: T) =>
  take && ((visit: Visit) => take(visit, what))

function sentIn({ content }: Inbound): Sent | null {
  if (content.kind !== 'media') return null
  const { evidence, caption, entities = [] } = content
  return { evidence, caption: caption === null ? null : { text: caption, entities } }
}

function refusal({ session, say }: Visit, answer: Answer): Taken | undefined {
  switch (answer) {
    case 'open':
      return undefined
    case 'gone':
      return { session, events: [{ type: 'button_outdated' }], refused: 'gone' }
    case 'refused':
      return { session, events: [], notice: say('office.refused'), refused: 'not_allowed' }
  }
}

async function visitOf(desk: Desk, session: Session, inbound: Inbound, args: readonly string[]): Promise<Visit> {
  const memberships = await desk.members.memberships(session.person)
  const language = desk.locales.languages.includes(session.language) ? session.language : desk.defaultLanguage
  const say = desk.locales.in(language)
  return { desk, session, person: session.person, memberships, language, say, now: desk.now(), inbound, args }
}

function taken(session: Session, { to, ...said }: Outcome): Taken {
  const next = to === undefined ? session : 'page' in to ? atPage(session, to) : to
  return { session: next, events: [], ...said }
}

const atPage = (session: Session, { page, args }: Ref): Session => ({ ...session, view: { at: 'page', page, args } })
