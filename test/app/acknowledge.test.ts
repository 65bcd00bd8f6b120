/** Pressing 已阅: once, again, by somebody else, on a preview, after one has gone. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { acknowledge } from '../../src/app/acknowledge.js'
import { deliver } from '../../src/app/deliver.js'
import { StoreFault } from '../../src/app/ports.js'
import type { Push } from '../../src/app/push.js'
import type { Inbound } from '../../src/app/speech.js'
import { encodeAction } from '../../src/core/action.js'
import { openDesk, type TestDesk, type Visitor } from '../support/desk.js'
import { aNotice, seededChange, sendAll } from './notice-fixtures.js'

let office: TestDesk
let community: string
let wang: Visitor
beforeEach(async () => {
  office = await openDesk()
  community = await office.community('渝康社区')
  wang = await office.member('worker', community, { name: '王芳' })
})
afterEach(() => office.close())

const pressing = (address: string, data: string): Inbound => ({
  id: '1',
  address,
  order: 1,
  position: null,
  guest: false,
  content: { kind: 'press', data, card: '1' },
})
const press = ({ address }: Visitor, notice: string) =>
  acknowledge(office.desk, pressing(address, encodeAction({ do: 'acknowledge', notice })))
const read = () => office.count('notice_recipient WHERE acknowledged_at IS NOT NULL')

describe('acknowledging a notice', () => {
  it('notes the first press, and tells a later one when that was', async () => {
    const notice = await aNotice(office, community, [wang])
    await sendAll(office)
    office.clock.now = Date.UTC(2026, 10, 23, 2, 5)
    const data = encodeAction({ do: 'acknowledge', notice })
    const rows = [[{ label: '✓ 已阅 2026-11-23（周一）10:05（Asia/Shanghai）', data }]]
    expect(await press(wang, notice)).toEqual({ toast: '已记录，谢谢。', rows })
    office.clock.now += 60_000
    const toast = '您已于 2026-11-23（周一）10:05（Asia/Shanghai）确认过。'
    expect(await press(wang, notice)).toEqual({ toast, rows })
    expect((await office.desk.notices.standing(notice, wang.person))?.acknowledgedAt).toEqual(
      new Date(Date.UTC(2026, 10, 23, 2, 5)),
    )
  })

  it('answers in the language of whoever presses', async () => {
    const john = await office.member('worker', community, { language: 'en' })
    const notice = await aNotice(office, community, [john])
    await sendAll(office)
    office.clock.now = Date.UTC(2026, 10, 23, 2, 5)
    expect(await press(john, notice)).toMatchObject({
      toast: 'Noted, thank you.',
      rows: [[{ label: '✓ Read Mon 23 Nov 2026, 10:05 (Asia/Shanghai)' }]],
    })
    expect(await press(john, notice)).toMatchObject({
      toast: 'You confirmed this already, on Mon 23 Nov 2026, 10:05 (Asia/Shanghai).',
    })
  })

  it('is nothing for those that it was not sent to: others, strangers, people who are gone', async () => {
    const notice = await aNotice(office, community, [wang])
    const other = await office.member('worker', community)
    const none = { toast: '这条通知不是发给您的，没有记录。', rows: null }
    expect(await press(other, notice)).toEqual(none)
    expect(await press(wang, 'n0000000000')).toEqual(none)
    const stranger = pressing('telegram:999', encodeAction({ do: 'acknowledge', notice }))
    expect(await acknowledge(office.desk, stranger)).toEqual(none)
    expect(await office.desk.records.person('telegram:999')).toBeUndefined()
    await office.desk.records.erase(wang.person)
    expect(await press(wang, notice)).toEqual(none)
    expect(await read()).toBe(0)
  })

  it('says of a draft that it is a preview', async () => {
    const notice = await aNotice(office, community, null)
    expect(await press(wang, notice)).toEqual({ toast: '这是预览，发出后收件人点这里确认。', rows: null })
  })

  it('says of a preview that it is one, also where whoever tries it is a recipient later on', async () => {
    const preview = { toast: '这是预览，发出后收件人点这里确认。', rows: null }
    const notice = await aNotice(office, community, [wang])
    expect(await press(wang, notice)).toEqual(preview)
    expect(await read()).toBe(0)
    expect((await sendAll(office)).map(({ address }) => address)).toEqual([wang.address])
    expect(await press(wang, notice)).toMatchObject({ toast: '已记录，谢谢。' })
    // Cancelled before it went out: they have the preview only.
    const cancelled = await aNotice(office, community, [wang])
    await office.desk.notices.setStatus(cancelled, 'cancelled', seededChange(office, `notice:${cancelled}`))
    expect(await press(wang, cancelled)).toEqual(preview)
    expect(await read()).toBe(1)
  })

  it('notes a press that is faster than the note that the message was sent', async () => {
    const notice = await aNotice(office, community, [wang])
    let answer: unknown
    const push: Push = async () => {
      answer = await press(wang, notice)
      return { kind: 'sent', message: '7' }
    }
    await deliver(office.desk, 'telegram:', push, 'test')
    expect(answer).toMatchObject({ toast: '已记录，谢谢。' })
    expect(await read()).toBe(1)
  })

  it('notes a press on what a process sent that died before it could note it', async () => {
    const notice = await aNotice(office, community, [wang])
    const dead = new StoreFault('The process died right here', false, undefined)
    const outbox = { ...office.desk.outbox, settle: () => Promise.reject(dead), giveBack: () => Promise.reject(dead) }
    await deliver({ ...office.desk, outbox }, 'telegram:', async () => ({ kind: 'sent', message: '7' }), 'test')
    office.clock.now += 3_600_000
    expect(await press(wang, notice)).toMatchObject({ toast: '已记录，谢谢。' })
    expect(await sendAll(office)).toEqual([])
  })

  it('brings no button back to a message that was withdrawn, and says that it was', async () => {
    const notice = await aNotice(office, community, [wang])
    await sendAll(office)
    await office.desk.notices.withdraw(notice, seededChange(office, `notice:${notice}`))
    const withdrawn = { toast: '这条通知已撤回。', rows: null }
    for (const _ of [1, 2]) expect(await press(wang, notice)).toEqual(withdrawn)
    expect(await read()).toBe(1)
  })

  it('leaves everything else to others', async () => {
    expect(await acknowledge(office.desk, pressing(wang.address, 'P:home'))).toBeUndefined()
    expect(await acknowledge(office.desk, pressing(wang.address, 'A:n1:2'))).toBeUndefined()
    const typed: Inbound = { ...pressing(wang.address, ''), content: { kind: 'text', text: '已阅' } }
    expect(await acknowledge(office.desk, typed)).toBeUndefined()
  })

  it('hands a fault of the store on, because nothing is noted then', async () => {
    const notice = await aNotice(office, community, [wang])
    const fault = new StoreFault('away', true, undefined)
    const notices = { ...office.desk.notices, acknowledge: () => Promise.reject(fault) }
    const inbound = pressing(wang.address, encodeAction({ do: 'acknowledge', notice }))
    await expect(acknowledge({ ...office.desk, notices }, inbound)).rejects.toBe(fault)
  })

  it('touches neither the session nor the card of whoever presses', async () => {
    const notice = await aNotice(office, community, [wang])
    await sendAll(office)
    await wang.command('start')
    const before = await office.pool.query('SELECT session FROM session')
    await press(wang, notice)
    expect((await office.pool.query('SELECT session FROM session')).rows).toEqual(before.rows)
  })
})
