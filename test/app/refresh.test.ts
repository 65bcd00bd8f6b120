/** The progress of a notice, redrawn where somebody looks at it: only there, only when something has happened. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createDispatch } from '../../src/app/dispatch.js'
import type { Change } from '../../src/app/district.js'
import type { Edited, Outlet } from '../../src/app/push.js'
import { createWatch, type Refresh } from '../../src/app/refresh.js'
import { plain } from '../../src/app/rich.js'
import type { Card } from '../../src/app/speech.js'
import { encodeAction } from '../../src/core/action.js'
import { EVERYONE } from '../../src/core/audience.js'
import { openDesk, type TestDesk, type Visitor, ZONE } from '../support/desk.js'

const ID = 'n1234567890'
let office: TestDesk
let admin: Visitor
let worker: Visitor
let refresh: Refresh
let changes = 0
beforeEach(async () => {
  office = await openDesk()
  const community = await office.community('渝康社区')
  admin = await office.member('admin', null, { name: '管理员' })
  worker = await office.member('worker', community, { name: '甲' })
  refresh = createDispatch(office.desk).refresh
  const versions = { 'zh-CN': { text: '明天停水。', entities: [] } }
  const fields = { versions, media: null, audience: EVERYONE, sendAt: null, timeZone: ZONE }
  const { notices } = office.desk
  await notices.create({ id: ID, community: null, by: admin.person, ...fields }, change('notice_created'))
  await notices.confirm(ID, 1, [worker.person], change('notice_confirmed'))
  await office.pool.query(`UPDATE delivery SET status = 'sent', settled_at = $1`, [new Date(office.clock.now)])
  await admin.command('start')
  await admin.pressData(encodeAction({ do: 'page', name: 'notice', args: [ID] }))
})
afterEach(() => office.close())

const change = (action: string): Change => ({
  id: `test${++changes}`,
  at: new Date(office.clock.now),
  person: null,
  action,
  subject: 'notice:test',
  community: null,
  before: null,
  after: null,
})

type Drawn = { readonly address: string; readonly card: string; readonly text: string }

function outlet(edited: Edited = 'shown'): Outlet & { readonly edits: Drawn[] } {
  const edits: Drawn[] = []
  const editCard = async (address: string, card: string, show: Card) => {
    edits.push({ address, card, text: plain(show.text) })
    return edited
  }
  return { edits, editCard, ready: () => true, push: () => Promise.reject(new Error('Expected no push')) }
}

const acknowledge = () => office.desk.notices.acknowledge(ID, worker.person, new Date(office.clock.now))
const sessionText = async (): Promise<string> => {
  const begun = await office.desk.sessions.begin(admin.address, 'test')
  if (begun.state === 'busy') throw new Error('Expected a free lease')
  await office.desk.sessions.release(admin.address, begun.lease)
  return begun.session!
}

describe('a refresh', () => {
  it('draws the card that is there anew, once, and moves nobody', async () => {
    const before = await sessionText()
    const { card } = JSON.parse(before) as { card: string }
    const cards: string[] = []
    const edit = async (one: string) => {
      cards.push(one)
      return 'shown' as const
    }
    expect(await refresh(admin.address, ID, edit)).toBe('shown')
    expect(await refresh(admin.address, ID, edit)).toBe('same')
    await acknowledge()
    expect(await refresh(admin.address, ID, edit)).toBe('shown')
    expect(cards).toEqual([card, card])
    expect(await sessionText()).toBe(before)
  })

  it('keeps away from a card that shows something else, and forgets that it was looked at', async () => {
    const edit = () => Promise.reject(new Error('Expected no edit'))
    await admin.command('start')
    expect(await refresh(admin.address, ID, edit)).toBe('elsewhere')
    expect(await office.desk.notices.watched(new Date(0))).toEqual([])
    expect(await refresh('telegram:404', ID, edit)).toBe('elsewhere')
  })

  it('does not wait for somebody who does something just now', async () => {
    const held = await office.desk.sessions.begin(admin.address, 'press')
    expect(held.state).toBe('held')
    const edit = () => Promise.reject(new Error('Expected no edit'))
    expect(await refresh(admin.address, ID, edit)).toBe('busy')
    expect(await office.desk.notices.watched(new Date(0))).toHaveLength(1)
  })

  it('is tried again where it could not be drawn, and gives the lease back', async () => {
    expect(await refresh(admin.address, ID, async () => 'later')).toBe('busy')
    await expect(refresh(admin.address, ID, () => Promise.reject(new Error('ours')))).rejects.toThrow('ours')
    expect(await refresh(admin.address, ID, async () => 'shown')).toBe('shown')
  })
})

describe('the watch over cards', () => {
  it('touches a card only when something has happened to its notice', async () => {
    const telegram = outlet()
    const asked: string[] = []
    const counting: Refresh = (address, ...rest) => {
      asked.push(address)
      return refresh(address, ...rest)
    }
    const look = createWatch(office.desk, counting, { 'telegram:': telegram })
    await look()
    await look()
    expect(asked).toEqual([admin.address])
    await acknowledge()
    await look()
    await look()
    expect(asked).toHaveLength(2)
    expect(telegram.edits).toHaveLength(2)
    expect(telegram.edits[0]!.text).not.toBe(telegram.edits[1]!.text)
  })

  it('touches none while the channel asks for patience', async () => {
    const telegram = outlet()
    const look = createWatch(office.desk, refresh, { 'telegram:': telegram })
    await office.desk.outbox.pause('telegram:', new Date(office.clock.now + 5_000))
    await look()
    office.clock.now += 4_999
    await look()
    expect(telegram.edits).toEqual([])
    office.clock.now += 1
    await look()
    expect(telegram.edits).toHaveLength(1)
  })

  it('tries again what could not be drawn, and leaves alone who is not reached or looks no more', async () => {
    const away = outlet('later')
    const look = createWatch(office.desk, refresh, { 'telegram:': away })
    await look()
    await look()
    expect(away.edits).toHaveLength(2)
    const asked = { ...outlet(), ready: () => false }
    await createWatch(office.desk, refresh, { 'telegram:': asked, 'web:': asked })()
    expect(asked.edits).toEqual([])
    office.clock.now += 49 * 60 * 60 * 1000
    await look()
    expect(away.edits).toHaveLength(2)
  })
})
