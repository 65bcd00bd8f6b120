/** Notices as the pages before their confirmation would have made them, and what becomes of their messages. */
import { deliver } from '../../src/app/deliver.js'
import type { Change } from '../../src/app/district.js'
import type { NoticeFields } from '../../src/app/notices.js'
import type { Errand, Pushed } from '../../src/app/push.js'
import { EVERYONE } from '../../src/core/audience.js'
import type { TestDesk, Visitor } from '../support/desk.js'

let changes = 0

export const seededChange = ({ clock }: TestDesk, subject: string): Change => ({
  id: `seeded ${++changes}`,
  at: new Date(clock.now),
  person: null,
  action: 'seeded',
  subject,
  community: null,
  before: null,
  after: null,
})

export const words = (text: string): NoticeFields['versions'][string] => ({ text, entities: [] })

/** A notice to these people (null: it stays a draft); returns its id. */
export async function aNotice(
  office: TestDesk,
  community: string | null,
  people: readonly Visitor[] | null,
  over: Partial<NoticeFields> = {},
): Promise<string> {
  const { notices, idFor } = office.desk
  const id = idFor('n', `notice ${++changes}`)
  const fields: NoticeFields = {
    versions: { 'zh-CN': words('周六停水\n请提前蓄水。'), en: words('No water on Saturday') },
    media: null,
    audience: EVERYONE,
    sendAt: null,
    timeZone: 'Asia/Shanghai',
    ...over,
  }
  await notices.create({ id, community, by: 'somebody', ...fields }, seededChange(office, `notice:${id}`))
  const to = people?.map(({ person }) => person)
  if (to && (await notices.confirm(id, 1, to, seededChange(office, `notice:${id}`))) !== 'confirmed')
    throw new Error('Expected the notice to be confirmed')
  return id
}

/** Sends what is in line for Telegram now, with the end that is given for an address (`sent` where none is); returns what was sent to whom. */
export async function sendAll(
  { desk }: TestDesk,
  ends: Readonly<Record<string, Pushed>> = {},
): Promise<{ readonly address: string; readonly errand: Errand }[]> {
  const sent: { address: string; errand: Errand }[] = []
  const push = async (address: string, errand: Errand): Promise<Pushed> => {
    sent.push({ address, errand })
    return ends[address] ?? { kind: 'sent', message: String(1000 + sent.length) }
  }
  while ((await deliver(desk, 'telegram:', push, 'test')) > 0);
  return sent
}
