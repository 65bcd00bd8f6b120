/** When two people's answers clash, and when it only looks so. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { StoreFault } from '../../../src/app/ports.js'
import { openDesk, type TestDesk, type Visitor } from '../../support/desk.js'

let office: TestDesk
let community: string
let first: Visitor
let later: Visitor
/** Buttons of one question as nobody has answered it: the best option and the next one. */
let best: string
let second: string
let failsToTell = false
beforeEach(async () => {
  office = await openDesk()
  failsToTell = false
  const { outbox } = office.desk
  const put = outbox.put
  Object.assign(outbox, {
    put: async (...about: Parameters<typeof put>) => {
      if (failsToTell) {
        failsToTell = false
        throw new StoreFault('The process died right here', true, undefined)
      }
      return put(...about)
    },
  })
  community = await office.community('渝康社区')
  await office.member('head', community, { name: '李书记' })
  first = await office.member('worker', community, { name: '王芳' })
  later = await office.member('worker', community, { name: '赵强' })
  await office.round([community])
  for (const visitor of [first, later]) {
    await visitor.command('start')
    await visitor.press('继续答我的')
  }
  ;[best, second] = later
    .card()
    .rows.flat()
    .map(({ data }) => data) as [string, string]
})
afterEach(() => office.close())

const told = () => office.count(`delivery WHERE content ->> 'type' = 'clash'`)

it('is one where the later one meant something else: noted once, told to the first and the head', async () => {
  await first.pressData(best)
  for (let i = 0; i < 3; i += 1) expect(await later.pressData(second)).toContain('没有改动')
  expect([await office.count('clash'), await told()]).toEqual([1, 2])
})

it('is none where both say the same', async () => {
  await first.pressData(best)
  await later.pressData(best)
  expect([await office.count('clash'), await told()]).toEqual([0, 0])
})

it('is told also where the process died between noting and telling', async () => {
  await first.pressData(best)
  failsToTell = true
  await expect(later.pressData(second)).rejects.toThrow(StoreFault)
  expect([await office.count('clash'), await told()]).toEqual([1, 0])
  expect(await later.pressData(second)).toContain('没有改动')
  expect([await office.count('clash'), await told()]).toEqual([1, 2])
})

it('is none where the second half of a double tap comes after somebody has changed the answer on purpose', async () => {
  await first.pressData(best)
  await later.pressData(best.replace('a:', 'q:').replace(/:[^:]+:[^:]+$/, ''))
  await later.press('否')
  expect(await office.count('answer')).toBe(2)
  await first.pressData(best)
  expect([await office.count('clash'), await told()]).toEqual([0, 0])
})

it('is none with a value that the question does not take', async () => {
  await first.pressData(best)
  for (const value of ['constructor', '__proto__', '200', 'full'])
    expect(await later.pressData(best.replace(/[^:]+$/, value))).toContain('已经过期')
  expect([await office.count('clash'), await told()]).toEqual([0, 0])
})

it('is none on a sheet that is closed', async () => {
  await first.pressData(best)
  office.clock.now += 8 * 24 * 60 * 60 * 1000
  expect(await later.pressData(second)).toContain('不能再改')
  expect([await office.count('clash'), await told()]).toEqual([0, 0])
})

it('is none by a button of a sheet that is over, or that never was', async () => {
  await first.pressData(best)
  const [, , ...rest] = second.split(':')
  await later.pressData('D:practise')
  const practice = later.card().rows.flat()[0]!.data.split(':')[1]!
  await office.desk.records.submitSheet(practice, new Date(office.clock.now))
  await later.command('start')
  await later.press('继续答我的')
  for (const sheet of [practice, 's00000000000'])
    expect(await later.pressData(['a', sheet, ...rest].join(':'))).toContain('已经过期')
  expect([await office.count('clash'), await told()]).toEqual([0, 0])
})
