import { describe, expect, test } from 'vitest'
import { durationOf, isQuiet, type NoticePhase, type NoticeStatus, noticePhase } from '../../src/core/notice.js'

const SHANGHAI = 'Asia/Shanghai'
const BERLIN = 'Europe/Berlin'
const MINUTE = 60_000
const at = (text: string) => new Date(text).getTime()

describe('where a notice stands', () => {
  const now = at('2026-11-23T10:00+08:00')
  const [before, after] = [new Date(now - 1), new Date(now + 1)]
  test.each<[NoticePhase, NoticeStatus, sendAt: Date | null, withdrawnAt: Date | null, waiting: number]>([
    ['draft', 'draft', null, null, 0],
    ['draft', 'draft', before, null, 0],
    ['scheduled', 'confirmed', after, null, 9],
    ['sending', 'confirmed', new Date(now), null, 9],
    ['sending', 'confirmed', null, null, 1],
    ['done', 'confirmed', null, null, 0],
    ['done', 'confirmed', before, null, 0],
    ['paused', 'paused', after, null, 9],
    ['cancelled', 'cancelled', null, null, 0],
    ['withdrawn', 'confirmed', null, before, 3],
    ['withdrawn', 'cancelled', null, before, 0],
  ])('%s', (phase, status, sendAt, withdrawnAt, waiting) => {
    expect(noticePhase({ status, sendAt, withdrawnAt }, waiting, now)).toBe(phase)
  })
})

describe('quiet hours, 22:00 to 7:00', () => {
  test.each<[quiet: boolean, from: string, minutes: number, zone: string]>([
    [false, '2026-11-23T07:00+08:00', 0, SHANGHAI],
    [true, '2026-11-23T06:59+08:00', 0, SHANGHAI],
    [false, '2026-11-23T21:59+08:00', 0, SHANGHAI],
    [true, '2026-11-23T22:00+08:00', 0, SHANGHAI],
    [true, '2026-11-24T00:30+08:00', 0, SHANGHAI],
    // It begins well and goes on into the night.
    [true, '2026-11-23T21:30+08:00', 45, SHANGHAI],
    [false, '2026-11-23T21:00+08:00', 45, SHANGHAI],
    // A whole night lies within.
    [true, '2026-11-23T21:00+08:00', 12 * 60, SHANGHAI],
    // The same instant on another clock.
    [false, '2026-11-23T22:30+08:00', 0, BERLIN],
    [true, '2026-11-23T08:00+08:00', 0, BERLIN],
    // After the clock was put forward seven is an hour earlier.
    [true, '2027-03-27T05:30Z', 0, BERLIN],
    [false, '2027-03-28T05:30Z', 0, BERLIN],
  ])('%s from %s for %d minutes in %s', (quiet, from, minutes, zone) => {
    expect(isQuiet(at(from), minutes * MINUTE, zone)).toBe(quiet)
  })
})

test('a message takes its share of a second, and no time is left out', () => {
  expect(durationOf(0, 30)).toBe(0)
  expect(durationOf(1, 30)).toBe(34)
  expect(durationOf(3000, 30)).toBe(100_000)
})
