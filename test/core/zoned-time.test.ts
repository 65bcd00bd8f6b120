import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  decentInstant,
  instantOf,
  isZone,
  type LocalTime,
  offsetText,
  weekdayOf,
  zonedParts,
  zoneNamed,
} from '../../src/core/zoned-time.js'

const NEW_YORK = 'America/New_York'
const BERLIN = 'Europe/Berlin'
const SHANGHAI = 'Asia/Shanghai'
const LORD_HOWE = 'Australia/Lord_Howe'

/** `2026-03-08 02:30` as the parts of a clock. */
function local(text: string): LocalTime {
  const [year, month, day, hour, minute] = text.split(/[- :]/).map(Number)
  return { year: year!, month: month!, day: day!, hour: hour!, minute: minute! }
}
const iso = (at: number) => new Date(at).toISOString().replace(/:00\.000Z$/, 'Z')
const at = (text: string) => new Date(text).getTime()

describe('a local time as an instant', () => {
  test.each<[rule: string, zone: string, local: string, instant: string]>([
    ['no clock changes', SHANGHAI, '2026-12-15 18:00', '2026-12-15T10:00Z'],
    ['the last minute of a year', SHANGHAI, '2026-12-31 23:59', '2026-12-31T15:59Z'],
    ['the old summer time of Shanghai', SHANGHAI, '1988-07-01 12:00', '1988-07-01T03:00Z'],
    ['winter', NEW_YORK, '2026-01-15 12:00', '2026-01-15T17:00Z'],
    ['summer', NEW_YORK, '2026-07-15 12:00', '2026-07-15T16:00Z'],
    ['just before the gap', NEW_YORK, '2026-03-08 01:59', '2026-03-08T06:59Z'],
    ['the start of the gap is its end', NEW_YORK, '2026-03-08 02:00', '2026-03-08T07:00Z'],
    ['in the gap: the first instant after it', NEW_YORK, '2026-03-08 02:30', '2026-03-08T07:00Z'],
    ['just after the gap', NEW_YORK, '2026-03-08 03:00', '2026-03-08T07:00Z'],
    ['shown twice: the earlier', NEW_YORK, '2026-11-01 01:30', '2026-11-01T05:30Z'],
    ['after the clock was put back', NEW_YORK, '2026-11-01 02:00', '2026-11-01T07:00Z'],
    ['in the gap', BERLIN, '2026-03-29 02:30', '2026-03-29T01:00Z'],
    ['shown twice: the earlier', BERLIN, '2026-10-25 02:30', '2026-10-25T00:30Z'],
    ['after the clock was put back', BERLIN, '2026-10-25 03:00', '2026-10-25T02:00Z'],
    ['in a gap of half an hour', LORD_HOWE, '2026-10-04 02:15', '2026-10-03T15:30Z'],
    ['just after a gap of half an hour', LORD_HOWE, '2026-10-04 02:30', '2026-10-03T15:30Z'],
    ['shown twice for half an hour: the earlier', LORD_HOWE, '2026-04-05 01:45', '2026-04-04T14:45Z'],
    ['a day that was left out at the date line', 'Pacific/Apia', '2011-12-30 12:00', '2011-12-30T10:00Z'],
    ['parts that carry over', SHANGHAI, '2026-12-32 00:00', '2026-12-31T16:00Z'],
  ])('%s (%s %s)', (_rule, zone, text, expected) => {
    expect(iso(instantOf(local(text), zone))).toBe(expected)
  })
})

test('an instant as a local time, with the day of the week', () => {
  expect(zonedParts(at('2026-12-15T10:00Z'), SHANGHAI)).toEqual({ ...local('2026-12-15 18:00'), weekday: 2 })
  expect(zonedParts(at('2026-12-12T16:00Z'), SHANGHAI)).toEqual({ ...local('2026-12-13 00:00'), weekday: 0 })
  expect(zonedParts(at('2026-03-08T07:00Z'), NEW_YORK)).toEqual({ ...local('2026-03-08 03:00'), weekday: 0 })
  expect(weekdayOf(2028, 2, 29)).toBe(2)
})

test('there and back, in every zone', () => {
  const zones = [...Intl.supportedValuesOf('timeZone'), 'UTC']
  const instants = fc.integer({ min: at('1973-01-01T00:00Z') / 60_000, max: at('2040-01-01T00:00Z') / 60_000 })
  fc.assert(
    fc.property(instants, fc.constantFrom(...zones), (minutes, zone) => {
      const instant = minutes * 60_000
      const shown = zonedParts(instant, zone)
      const back = instantOf(shown, zone)
      // Where the clock shows the same twice, the earlier instant comes back.
      expect(back).toBeLessThanOrEqual(instant)
      expect(instant - back).toBeLessThanOrEqual(24 * 3_600_000)
      expect(zonedParts(back, zone)).toEqual(shown)
      expect(shown.weekday).toBe(weekdayOf(shown.year, shown.month, shown.day))
    }),
    { numRuns: 2000 },
  )
})

test('every quarter of an hour of the days on which clocks change, there and back', () => {
  for (const [zone, day] of [
    [NEW_YORK, '2026-03-08'],
    [NEW_YORK, '2026-11-01'],
    [BERLIN, '2026-03-29'],
    [BERLIN, '2026-10-25'],
    [LORD_HOWE, '2026-04-04'],
    [LORD_HOWE, '2026-10-03'],
  ] as const) {
    const seen = new Map<string, number>()
    for (let quarter = 0; quarter < 40 * 4; quarter++) {
      const instant = at(`${day}T00:00Z`) + quarter * 15 * 60_000
      const shown = zonedParts(instant, zone)
      const key = JSON.stringify(shown)
      if (!seen.has(key)) seen.set(key, instant)
      expect(instantOf(shown, zone), `${zone} ${key}`).toBe(seen.get(key))
    }
  }
})

test.each<[string, boolean]>([
  ['Asia/Shanghai', true],
  ['America/Argentina/Buenos_Aires', true],
  ['America/Port-au-Prince', true],
  ['Etc/GMT+8', true],
  ['UTC', true],
  ['', false],
  ['Asia/Chongqing2', false],
  ['Asia/Nowhere', false],
  ['asia/shanghai', false],
  ['+08:00', false],
  ['PRC', false],
  ['GMT+8', false],
  ['../etc/passwd', false],
  [`A${'a'.repeat(10_000)}/B`, false],
  ['北京', false],
])('%s is a zone: %s', (text, expected) => {
  expect(isZone(text)).toBe(expected)
})

test.each<[string, string | undefined]>([
  ['Asia/Shanghai', SHANGHAI],
  ['asia/shanghai', SHANGHAI],
  [' ASIA/SHANGHAI ', SHANGHAI],
  ['america/port-au-prince', 'America/Port-au-Prince'],
  ['asia/kolkata', 'Asia/Kolkata'],
  ['Asia/Kolkata', 'Asia/Kolkata'],
  ['utc', 'UTC'],
  ['北京', SHANGHAI],
  ['北京时间', SHANGHAI],
  ['上海', SHANGHAI],
  ['PRC', undefined],
  ['asia/nowhere', undefined],
  ['', undefined],
])('%s names the zone %s', (text, expected) => {
  expect(zoneNamed(text)).toBe(expected)
})

describe('decent instants', () => {
  test.each<[rule: string, zone: string, local: string, decent: string]>([
    ['early: the same day at nine', SHANGHAI, '2026-12-15 08:59', '2026-12-15 09:00'],
    ['nine is decent', SHANGHAI, '2026-12-15 09:00', '2026-12-15 09:00'],
    ['noon is decent', SHANGHAI, '2026-12-15 12:34', '2026-12-15 12:34'],
    ['eight in the evening is decent', SHANGHAI, '2026-12-15 20:00', '2026-12-15 20:00'],
    ['a minute later is not', SHANGHAI, '2026-12-15 20:01', '2026-12-16 09:00'],
    ['midnight: the morning after', SHANGHAI, '2026-12-31 00:00', '2026-12-31 09:00'],
    ['late on the last day of the year', SHANGHAI, '2026-12-31 23:59', '2027-01-01 09:00'],
    ['the night in which the clock is put forward', NEW_YORK, '2026-03-07 23:00', '2026-03-08 09:00'],
    ['the night in which it is put back', BERLIN, '2026-10-24 22:00', '2026-10-25 09:00'],
    ['the eve of a day that was left out', 'Pacific/Apia', '2011-12-29 22:00', '2011-12-31 09:00'],
  ])('%s', (_rule, zone, from, expected) => {
    expect(decentInstant(instantOf(local(from), zone), zone)).toBe(instantOf(local(expected), zone))
  })
  test('seconds within a decent minute stay', () => {
    const instant = at('2026-12-15T04:00:07.123Z')
    expect(decentInstant(instant, SHANGHAI)).toBe(instant)
  })
})

test.each<[string, string, string]>([
  [SHANGHAI, '2026-12-15T10:00Z', 'UTC+8'],
  [NEW_YORK, '2026-12-15T10:00Z', 'UTC-5'],
  [NEW_YORK, '2026-07-15T10:00Z', 'UTC-4'],
  ['America/St_Johns', '2026-12-15T10:00Z', 'UTC-3:30'],
  ['Asia/Kathmandu', '2026-12-15T10:00Z', 'UTC+5:45'],
  [LORD_HOWE, '2026-07-15T10:00Z', 'UTC+10:30'],
  ['UTC', '2026-07-15T10:00Z', 'UTC'],
])('%s at %s is %s', (zone, instant, text) => {
  expect(offsetText(at(instant), zone)).toBe(text)
})
