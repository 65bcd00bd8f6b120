/**
 * Days and times as people type them in a chat: `2026-12-15 18:00`, `12月15日下午六点半`, `明天 9:00`, `下周五`,
 * `Dec 15 6pm`, `半小时后`. What cannot be read for certain is refused; what was read is always shown before it counts.
 */
import { parseQuantity } from './number-words.js'
import { readRelative } from './relative-moment.js'
import { instantOf, weekdayOf, zonedParts } from './zoned-time.js'

/** The time that a day alone means: six in the afternoon, the end of an office day. */
export const DEFAULT_HOUR = 12 + 6

/** Longer than any moment that someone would type; keeps pasted texts from being read at all. */
export const LONGEST_MOMENT_TEXT = 60

const MINUTE_MS = 60 * 1000
/** 29 February comes back within so many years. */
const LONGEST_LEAP_GAP = 8

export type ParsedMoment =
  | { readonly ok: true; readonly at: number }
  | { readonly ok: false; readonly reason: 'not_a_moment' | 'no_such_day' | 'past' }

type Day = { readonly year: number; readonly month: number; readonly day: number }
type Clock = { readonly hour: number; readonly minute: number }
/** Null: the words name a day that is in no calendar. */
type ReadDay = (match: Groups, today: Day) => Day | null
type Groups = Readonly<Record<string, string | undefined>>

const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ')
const WEEKDAYS = 'sun mon tue wed thu fri sat'.split(' ')
const MONTH_NAME = `(?<name>${'january february march april may june july august september october november december'
  .split(' ')
  .map((name) => `${name.slice(0, 3)}(?:${name.slice(3)})?`)
  .join('|')}|sept)\\.?`
const WEEKDAY_NAME =
  '(?<weekday>sun(?:day)?|mon(?:day)?|tue(?:s|sday)?|wed(?:nesday)?|thu(?:r|rs|rsday)?|fri(?:day)?|sat(?:urday)?)\\.?'
const WEEKDAY_WORD = '(?:周|星期|礼拜)(?<weekday>[1-6日天])'
const DAY_NUMBER = '(?<day>\\d{1,2})(?:st|nd|rd|th)?'
/** A day of the week before or behind a date, which has to be the date's. */
const BEFORE_DATE = starting(`(?:${WEEKDAY_WORD}|${english(WEEKDAY_NAME)},?) ?`)
const BEHIND_DATE = starting(` ?\\(?(?:${WEEKDAY_WORD}|${english(WEEKDAY_NAME)}(?![a-z]))\\)?`)
// biome-ignore format: one line reads better than ten
const DAYS_AHEAD: Readonly<Record<string, number>> = {
  今天: 0, 今日: 0, 明天: 1, 明日: 1, 后天: 2, 大后天: 3, today: 0, tomorrow: 1, 'day after tomorrow': 2,
}

/** 周五十二点 is Friday at 12, not at 2: a day of the week is no part of the number behind it. */
const NUMERALS = /((?:周|星期|礼拜)[一二三四五六])|[零〇一二两三四五六七八九十]+/gu

/** Ways to name a day, each from the start of the text. */
const DAY_FORMS: readonly (readonly [RegExp, ReadDay])[] = [
  [
    starting(`(?:the )?(?<word>${Object.keys(DAYS_AHEAD).join('|')})`),
    ({ word }, today) => ahead(today, DAYS_AHEAD[word!]!),
  ],
  [starting('(?<days>\\d{1,3})(?:天(?:之?后|以后)| days? from now)'), ({ days }, today) => ahead(today, Number(days))],
  [starting('in (?<days>\\d{1,3}) days?'), ({ days }, today) => ahead(today, Number(days))],
  [starting(`(?:(?<next>下{1,2})个?|这个?|本)${WEEKDAY_WORD}`), (match, today) => inWeek(match, today)],
  [starting(`(?:(?<next>next)|this) ${WEEKDAY_NAME}`), (match, today) => inWeek(match, today)],
  [starting(`(?:on )?(?:${WEEKDAY_WORD}|${english(WEEKDAY_NAME)}(?![a-z]))`), comingWeekday],
  [starting('(?<year>\\d{4})(?<gap>[-/.])(?<month>\\d{1,2})\\k<gap>(?<day>\\d{1,2})(?!\\d)'), dated],
  [starting('(?<year>\\d{4})(?<month>\\d{2})(?<day>\\d{2})(?!\\d)'), dated],
  [starting('(?:(?<year>\\d{4})年|(?<ahead>今年|明年))?(?<month>\\d{1,2})月(?<day>\\d{1,2})(?:[日号]|(?!\\d))'), dated],
  [starting('(?:(?<this>这个月|本月)|(?<next>下个?月))?(?<day>\\d{1,2})[日号]'), inMonth],
  [starting('(?<month>\\d{1,2})[-/](?<day>\\d{1,2})(?![-/\\d])'), dated],
  [starting(`${MONTH_NAME} ?${DAY_NUMBER}(?:,? (?<year>\\d{4})(?![:\\d]))?(?![:\\d])`), dated],
  [starting(`${DAY_NUMBER} ?(?:of )?${MONTH_NAME}(?:,? (?<year>\\d{4})(?![:\\d]))?(?![a-z])`), dated],
]

/** Words before an hour, and where the hours 1 to 12 of a clock face then lie; undefined: nobody says that. */
const PERIODS: readonly (readonly [RegExp, (hour: number) => number | undefined])[] = [
  [/^凌晨/, (hour) => (hour === 12 ? 0 : hour <= 6 ? hour : undefined)],
  [/^(?:清晨|早上|早晨|清早|早|上午)/, (hour) => (hour <= 12 ? hour : undefined)],
  [/^中午/, (hour) => (hour >= 11 && hour <= 13 ? hour : hour === 1 || hour === 2 ? hour + 12 : undefined)],
  [/^(?:下午|傍晚|午后)/, (hour) => (hour >= 12 ? hour : hour >= 1 ? hour + 12 : undefined)],
  [/^(?:晚上|夜里|晚|夜)/, (hour) => (hour >= 17 ? hour : hour >= 5 && hour <= 12 ? hour + 12 : undefined)],
]

/**
 * Reads a moment on the clock of a zone. A day alone means `dayHour`, a day without a year the next such day, a time alone the
 * next such time; what is so long from now falls on a whole minute, as it is shown.
 */
export function parseMoment(text: string, zone: string, now: number, dayHour = DEFAULT_HOUR): ParsedMoment {
  if (text.length > LONGEST_MOMENT_TEXT) return refuse('not_a_moment')
  const today = zonedParts(now, zone)
  const clean = tidy(text, zone)
  const ahead = readRelative(clean)
  if (ahead !== undefined) return { ok: true, at: Math.floor((now + ahead) / MINUTE_MS) * MINUTE_MS }
  const named = readDay(clean, today)
  if (named === undefined) return readTimeAlone(clean, today, zone, now, dayHour)
  const clock = readClock(named.rest, dayHour)
  if (clock === undefined) return refuse('not_a_moment')
  if (named.day === null) return refuse('no_such_day')
  const at = instantOf({ ...named.day, ...clock }, zone)
  return at < now ? refuse('past') : { ok: true, at }
}

/** `9:00`, `下午3点`, `9am`; a bare number says no time. */
function readTimeAlone(text: string, today: Day, zone: string, now: number, dayHour: number): ParsedMoment {
  const clock = /\d ?(?:[:点时]|[ap]m)/.test(text) ? readClock(text, dayHour) : undefined
  if (clock === undefined) return refuse('not_a_moment')
  const at = instantOf({ ...today, ...clock }, zone)
  return { ok: true, at: at < now ? instantOf({ ...today, day: today.day + 1, ...clock }, zone) : at }
}

/** One width and case, digits for Chinese numerals, no zone where it is the one that is meant anyway. */
function tidy(text: string, zone: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(`(${zone.toLowerCase()})`, '')
    .replace(NUMERALS, (numeral, weekday?: string) => {
      if (weekday) return weekday.slice(0, -1) + ('一二三四五六'.indexOf(weekday.at(-1)!) + 1)
      const read = parseQuantity(numeral, { decimals: 0, largest: 9999, unit: '日' })
      return read.ok ? read.value : numeral
    })
    .replace(/\s+/gu, ' ')
    .replace(/(?<=[\p{Script=Han}]) | (?=[\p{Script=Han}])/gu, '')
    .replace(/(?<=今|明)(?=[早晚])/u, '天')
    .replace(/[。.!]+$/u, '')
    .trim()
}

function readDay(text: string, today: Day): { day: Day | null; rest: string } | undefined {
  const before = BEFORE_DATE.exec(text)
  if (before) {
    const read = readForms(text.slice(before[0].length), today)
    if (read) return agree(read, before)
  }
  const read = readForms(text, today)
  const behind = read && BEHIND_DATE.exec(read.rest)
  return behind ? agree({ ...read, rest: read.rest.slice(behind[0].length) }, behind) : read
}

function readForms(text: string, today: Day): { day: Day | null; rest: string } | undefined {
  for (const [form, read] of DAY_FORMS) {
    const match = form.exec(text)
    if (match) return { day: read(match.groups ?? {}, today), rest: text.slice(match[0].length) }
  }
  return undefined
}

/** Tuesday the 15th is no day where the 15th is a Wednesday. */
function agree({ day, rest }: { day: Day | null; rest: string }, { groups }: RegExpExecArray) {
  const said = weekdayIndex((groups?.weekday ?? groups?.english)!)
  return { day: day && weekdayOf(day.year, day.month, day.day) === said ? day : null, rest }
}

/** What stands behind the day: nothing, or a time and no more. */
function readClock(rest: string, dayHour: number): Clock | undefined {
  const text = rest
    .replace(/^(?: ?, ?| ?的| at | ?t(?=\d)| )/, '')
    .replace(/(?<=[\d点时分整半刻])(?:之前|以前|前|止)$/, '')
    .trim()
  if (text === '') return rest.trim() === '' ? { hour: dayHour, minute: 0 } : undefined
  if (/^(?:中午|正午|noon)$/.test(text)) return { hour: 12, minute: 0 }
  const english = /^(?<hour>\d{1,2})(?:[:.](?<minute>\d{2}))? ?(?<half>[ap])\.?m\.?$/.exec(text)?.groups
  if (english) {
    const [hour, minute] = [Number(english.hour), Number(english.minute ?? 0)]
    return hour >= 1 && hour <= 12 ? inDay((hour % 12) + (english.half === 'p' ? 12 : 0), minute) : undefined
  }
  const period = PERIODS.find(([word]) => word.test(text))
  const plain = period ? text.replace(period[0], '').trim() : text
  const time =
    /^(?<hour>\d{1,2}):(?<minute>\d{2})(?::00)?$/.exec(plain) ??
    /^(?<hour>\d{1,2})[点时](?:整|(?<half>半)|(?<quarter>[13])刻|(?<minute>\d{1,2})分?)?$/.exec(plain)
  if (!time?.groups) return undefined
  const { hour, minute, half, quarter } = time.groups
  const said = period ? period[1](Number(hour)) : Number(hour)
  return said === undefined ? undefined : inDay(said, half ? 30 : quarter ? Number(quarter) * 15 : Number(minute ?? 0))
}

/** 24:00 is the end of the day, which carries over into the next. */
const inDay = (hour: number, minute: number): Clock | undefined =>
  minute < 60 && (hour < 24 || (hour === 24 && minute === 0)) ? { hour, minute } : undefined

/** A date with or without its year; the next such day where the year is left out. */
function dated({ year, ahead: word, month, name, day }: Groups, today: Day): Day | null {
  const date = { month: name ? MONTHS.indexOf(name.slice(0, 3)) + 1 : Number(month), day: Number(day) }
  if (word) return existing({ year: today.year + (word === '明年' ? 1 : 0), ...date })
  if (year) return existing({ year: Number(year), ...date })
  for (let next = today.year; next <= today.year + LONGEST_LEAP_GAP; next++) {
    const found = existing({ year: next, ...date })
    if (found && Date.UTC(next, date.month - 1, date.day) >= Date.UTC(today.year, today.month - 1, today.day))
      return found
  }
  return null
}

/** The 15th of this month or the next, or the next 15th that comes. */
function inMonth({ this: current, next, day }: Groups, today: Day): Day | null {
  const inMonths = (months: number) => {
    const { year, month } = ahead({ year: today.year, month: today.month + months, day: 1 }, 0)
    return existing({ year, month, day: Number(day) })
  }
  if (current || next) return inMonths(next ? 1 : 0)
  return [0, 1, 2].map(inMonths).find((one, months) => one && (months > 0 || one.day >= today.day)) ?? null
}

/** A day of this week or of one after it; weeks begin on Monday. */
function inWeek({ next = '', weekday }: Groups, today: Day): Day {
  const weeks = next === 'next' ? 1 : next.length
  const fromMonday = (day: number) => (day + 6) % 7
  const now = weekdayOf(today.year, today.month, today.day)
  return ahead(today, weeks * 7 + fromMonday(weekdayIndex(weekday!)) - fromMonday(now))
}

/** The next such day of the week, today included. */
function comingWeekday({ weekday, english }: Groups, today: Day): Day {
  const now = weekdayOf(today.year, today.month, today.day)
  return ahead(today, (weekdayIndex((weekday ?? english)!) - now + 7) % 7)
}

/** Sunday is 0. */
const weekdayIndex = (word: string): number =>
  /[日天]/.test(word) ? 0 : /\d/.test(word) ? Number(word) : WEEKDAYS.indexOf(word.slice(0, 3))

function ahead(today: Day, days: number): Day {
  const date = new Date(Date.UTC(today.year, today.month - 1, today.day + days))
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() }
}

/** The day itself where the calendar has it. */
function existing(day: Day): Day | null {
  const same = ahead(day, 0)
  return same.year === day.year && same.month === day.month && same.day === day.day ? same : null
}

/** The same form with its group under another name: a name stands once in an expression. */
function english(form: string): string {
  return form.replace('<weekday>', '<english>')
}

function starting(form: string): RegExp {
  return new RegExp(`^${form}`, 'u')
}

const refuse = (reason: 'not_a_moment' | 'no_such_day' | 'past'): ParsedMoment => ({ ok: false, reason })
