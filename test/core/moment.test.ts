import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { clockText, dayText, momentText } from '../../src/app/moments.js'
import { LONGEST_MOMENT_TEXT, parseMoment } from '../../src/core/moment.js'
import { zonedParts } from '../../src/core/zoned-time.js'

const SHANGHAI = 'Asia/Shanghai'
const NEW_YORK = 'America/New_York'
/** A Wednesday, 10:21 in Shanghai. */
const NOW = Date.UTC(2026, 10, 18, 2, 21)

/** The clock of the zone at what was read, or the reason why nothing was. */
function read(text: string, zone = SHANGHAI, now = NOW, dayHour?: number): string {
  const parsed = parseMoment(text, zone, now, dayHour)
  if (!parsed.ok) return parsed.reason
  const { year, month, day } = zonedParts(parsed.at, zone)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${year}-${two(month)}-${two(day)} ${clockText(parsed.at, zone)}`
}

describe('days', () => {
  test.each<[string, string]>([
    ['2026-12-15', '2026-12-15 18:00'],
    ['2026/12/15', '2026-12-15 18:00'],
    ['2026.12.5', '2026-12-05 18:00'],
    ['20261215', '2026-12-15 18:00'],
    ['2026年12月15日', '2026-12-15 18:00'],
    ['2026 年 12 月 15 日', '2026-12-15 18:00'],
    ['二〇二六年十二月十五日', '2026-12-15 18:00'],
    ['12月15日', '2026-12-15 18:00'],
    ['12月15号', '2026-12-15 18:00'],
    ['12-15', '2026-12-15 18:00'],
    ['12/15', '2026-12-15 18:00'],
    ['１２月１５日', '2026-12-15 18:00'],
    ['15号', '2026-12-15 18:00'],
    ['20号', '2026-11-20 18:00'],
    ['31日', '2026-12-31 18:00'],
    ['本月30日', '2026-11-30 18:00'],
    ['下个月3号', '2026-12-03 18:00'],
    ['明年1月5日', '2027-01-05 18:00'],
    ['今天', '2026-11-18 18:00'],
    ['明天', '2026-11-19 18:00'],
    ['后天', '2026-11-20 18:00'],
    ['大后天', '2026-11-21 18:00'],
    ['三天后', '2026-11-21 18:00'],
    ['周三', '2026-11-18 18:00'],
    ['周二', '2026-11-24 18:00'],
    ['星期天', '2026-11-22 18:00'],
    ['本周日', '2026-11-22 18:00'],
    ['这周五', '2026-11-20 18:00'],
    ['下周五', '2026-11-27 18:00'],
    ['下个星期一', '2026-11-23 18:00'],
    ['下礼拜日', '2026-11-29 18:00'],
    ['下下周五', '2026-12-04 18:00'],
    ['周二 12月15日', '2026-12-15 18:00'],
    ['12月15日（周二）', '2026-12-15 18:00'],
    ['today', '2026-11-18 18:00'],
    ['tomorrow', '2026-11-19 18:00'],
    ['the day after tomorrow', '2026-11-20 18:00'],
    ['in 3 days', '2026-11-21 18:00'],
    ['Friday', '2026-11-20 18:00'],
    ['on Tue', '2026-11-24 18:00'],
    ['next Friday', '2026-11-27 18:00'],
    ['Dec 15', '2026-12-15 18:00'],
    ['December 15th, 2026', '2026-12-15 18:00'],
    ['15 Dec 2026', '2026-12-15 18:00'],
    ['Tue 15 Dec', '2026-12-15 18:00'],
    ['  Sept. 3  ', '2027-09-03 18:00'],
  ])('%s is %s', (text, expected) => {
    expect(read(text)).toBe(expected)
  })
})

describe('times', () => {
  test.each<[string, string]>([
    ['2026-12-15 18:00', '2026-12-15 18:00'],
    ['2026-12-15T09:05', '2026-12-15 09:05'],
    ['2026-12-15 18:30:00', '2026-12-15 18:30'],
    ['2026年12月15日 18点', '2026-12-15 18:00'],
    ['2026年12月15日18时30分', '2026-12-15 18:30'],
    ['12-15 18:00', '2026-12-15 18:00'],
    ['12月15日，18：00', '2026-12-15 18:00'],
    ['１２月１５日　１８：３０', '2026-12-15 18:30'],
    ['12月15日下午6点', '2026-12-15 18:00'],
    ['12月15日下午六点半', '2026-12-15 18:30'],
    ['12月15日下午六点一刻', '2026-12-15 18:15'],
    ['十二月十五日晚上八点零五分', '2026-12-15 20:05'],
    ['12月15日二十点', '2026-12-15 20:00'],
    ['12月15日下午 6:30', '2026-12-15 18:30'],
    ['12月15日下午18点', '2026-12-15 18:00'],
    ['12月15日上午9点整', '2026-12-15 09:00'],
    ['12月15日中午', '2026-12-15 12:00'],
    ['12月15日中午12点半', '2026-12-15 12:30'],
    ['12月15日中午一点', '2026-12-15 13:00'],
    ['12月15日凌晨12点', '2026-12-15 00:00'],
    ['12月15日晚上12点', '2026-12-16 00:00'],
    ['12月31日24:00', '2027-01-01 00:00'],
    ['12月15日0点', '2026-12-15 00:00'],
    ['12月15日23:59', '2026-12-15 23:59'],
    ['12月15日18:00前', '2026-12-15 18:00'],
    ['12月15日下午五点半之前', '2026-12-15 17:30'],
    ['今晚8点', '2026-11-18 20:00'],
    // A time alone is the next such time.
    ['18:00', '2026-11-18 18:00'],
    ['6pm', '2026-11-18 18:00'],
    ['九点', '2026-11-19 09:00'],
    ['早上9：30', '2026-11-19 09:30'],
    ['明早九点', '2026-11-19 09:00'],
    ['明天 9:00', '2026-11-19 09:00'],
    ['后天下午3点', '2026-11-20 15:00'],
    ['下周五 18:00', '2026-11-27 18:00'],
    ['周五十二点', '2026-11-20 12:00'],
    ['周二12月15日二十点', '2026-12-15 20:00'],
    ['2026-12-15 周二 9:00', '2026-12-15 09:00'],
    ['tomorrow 9:00', '2026-11-19 09:00'],
    ['tomorrow at noon', '2026-11-19 12:00'],
    ['Fri 6pm', '2026-11-20 18:00'],
    ['Dec 15 18:00', '2026-12-15 18:00'],
    ['Dec 15, 2026, 6:30 p.m.', '2026-12-15 18:30'],
    ['15 Dec 2026 6pm', '2026-12-15 18:00'],
    ['15 Dec 12am', '2026-12-15 00:00'],
    ['15 Dec 12 PM', '2026-12-15 12:00'],
  ])('%s is %s', (text, expected) => {
    expect(read(text)).toBe(expected)
  })
})

describe('so long from now', () => {
  test.each<[string, string]>([
    ['一小时后', '2026-11-18 11:21'],
    ['1 小时后', '2026-11-18 11:21'],
    ['半小时后', '2026-11-18 10:51'],
    ['半个小时以后', '2026-11-18 10:51'],
    ['一个半小时之后', '2026-11-18 11:51'],
    ['30分钟后', '2026-11-18 10:51'],
    ['过三十分钟后', '2026-11-18 10:51'],
    ['两个小时后', '2026-11-18 12:21'],
    ['十四个钟头后', '2026-11-19 00:21'],
    ['in 2 hours', '2026-11-18 12:21'],
    ['In an hour', '2026-11-18 11:21'],
    ['in 30 minutes', '2026-11-18 10:51'],
    ['in half an hour', '2026-11-18 10:51'],
    ['0小时后', 'not_a_moment'],
    ['几小时后', 'not_a_moment'],
    ['9999小时后', 'not_a_moment'],
  ])('%s is %s', (text, expected) => {
    expect(read(text)).toBe(expected)
  })
  test('on a whole minute, also over a change of the clock', () => {
    expect(parseMoment('半小时后', SHANGHAI, NOW + 59_999)).toEqual({ ok: true, at: NOW + 30 * 60_000 })
    expect(read('in 2 hours', NEW_YORK, Date.UTC(2027, 2, 14, 6, 30))).toBe('2027-03-14 04:30')
  })
})

test('a day alone may mean another hour, a time stays what it is', () => {
  expect(read('明天', SHANGHAI, NOW, 9)).toBe('2026-11-19 09:00')
  expect(read('12月15日', SHANGHAI, NOW, 9)).toBe('2026-12-15 09:00')
  expect(read('明天下午三点', SHANGHAI, NOW, 9)).toBe('2026-11-19 15:00')
})

describe('the next such day, and what is past', () => {
  test.each<[rule: string, text: string, expected: string]>([
    ['later today', '11月18日 10:22', '2026-11-18 10:22'],
    ['this very minute', '11月18日 10:21', '2026-11-18 10:21'],
    ['earlier today is a slip, not next year', '11月18日 10:20', 'past'],
    ['yesterday without a year comes next year', '11月17日', '2027-11-17 18:00'],
    ['yesterday with its year is past', '2026-11-17', 'past'],
    ['an earlier day of this week', '本周一', 'past'],
    ['a day of the week whose time is over', '周三 9:00', 'past'],
    ['29 February comes in the next leap year', '2月29日', '2028-02-29 18:00'],
    ['the first century', '0026-12-15', 'no_such_day'],
  ])('%s: %s', (_rule, text, expected) => {
    expect(read(text)).toBe(expected)
  })
  test('today is the one of the zone', () => {
    expect(read('today 23:00', NEW_YORK)).toBe('2026-11-17 23:00')
    expect(read('2027-03-14 02:30', NEW_YORK)).toBe('2027-03-14 03:00')
  })
})

test.each([
  '2月30日',
  '2026-02-29',
  '2027年4月31日',
  '13月1日',
  '12月0日',
  '0月5日',
  'Feb 30',
  '15/12',
  '本月31日',
  '12月15日（周三）',
  'Wed 15 Dec 2026',
])('%s is no day', (text) => {
  expect(read(text)).toBe('no_such_day')
})

test.each([
  '',
  ' ',
  '9',
  '25:00',
  '尽快',
  '年底',
  '两三天后',
  '12月',
  '2026',
  '12.15',
  '15.12.2026',
  '15/12/2026',
  '26-12-15',
  '12月15日前',
  '12月15日25:00',
  '12月15日24:01',
  '12月15日18:60',
  '12月15日上午15点',
  '12月15日下午0点',
  '12月15日晚上2点',
  '12月15日六点或七点',
  '12月15日18点到20点',
  '12月15日下午',
  'Dec 15 13pm',
  'Dec 15 0am',
  '2026-12-15T18:00Z',
  '2026-12-15 18:00（America/New_York）',
  '12月15-20日',
  'next week',
  '明天见',
  '-12-15',
  `2026-12-15${' '.repeat(LONGEST_MOMENT_TEXT)}18:00`,
])('%s is not a moment', (text) => {
  expect(read(text)).toBe('not_a_moment')
})

test('no text whatever makes it throw', () => {
  const pieces = [...'0123456789年月日号点时分半刻周下午上晚:/-., ()十一二两', 'Dec', 'fri', 'pm', '明天', 'next']
  const texts = fc.array(fc.constantFrom(...pieces), { maxLength: 14 }).map((all) => all.join(''))
  fc.assert(
    fc.property(fc.oneof(texts, fc.string({ unit: 'binary' })), (text) => {
      const parsed = parseMoment(text, SHANGHAI, NOW)
      if (parsed.ok) expect(parsed.at).toBeGreaterThanOrEqual(NOW)
    }),
    { numRuns: 2000 },
  )
})

describe('in words', () => {
  const at = Date.UTC(2026, 11, 15, 10)
  test('in both languages, on the clock of the zone', () => {
    expect(momentText(at, SHANGHAI, 'zh-CN')).toBe('2026-12-15（周二）18:00（Asia/Shanghai）')
    expect(momentText(at, SHANGHAI, 'en')).toBe('Tue 15 Dec 2026, 18:00 (Asia/Shanghai)')
    expect(momentText(at, NEW_YORK, 'en')).toBe('Tue 15 Dec 2026, 05:00 (America/New_York)')
    expect(dayText(at, SHANGHAI, 'zh-CN')).toBe('2026-12-15（周二）')
    expect(dayText(at, SHANGHAI, 'en')).toBe('Tue 15 Dec 2026')
    expect(clockText(NOW, SHANGHAI)).toBe('10:21')
    expect(clockText(Date.UTC(2026, 0, 1, 16), SHANGHAI)).toBe('00:00')
  })
  test('what is shown can be typed back', () => {
    const minutes = fc.integer({ min: Math.ceil(NOW / 60_000), max: Date.UTC(2036, 0) / 60_000 })
    fc.assert(
      fc.property(minutes, fc.constantFrom('zh-CN', 'en'), (minute, language) => {
        const shown = momentText(minute * 60_000, SHANGHAI, language)
        expect(parseMoment(shown, SHANGHAI, NOW), shown).toEqual({ ok: true, at: minute * 60_000 })
      }),
    )
  })
})
