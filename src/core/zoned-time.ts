/** Instants and the clocks of IANA time zones. An instant is milliseconds since 1970 in UTC, as everywhere. */

const MINUTE_MS = 60 * 1000
const SECOND_MS = MINUTE_MS / 60
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/** Nobody is written to before this hour, nor after the latest one, on their own clock. */
export const EARLIEST_DECENT_HOUR = 9
export const LATEST_DECENT_HOUR = 20

/** There are about 450 zones; the same one in other letter cases must not fill the memory. */
const MOST_FORMATTERS = 600
const formatters = new Map<string, Intl.DateTimeFormat>()

/** A day and a time to the minute on a clock; months count from 1. */
export type LocalTime = {
  readonly year: number
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
}
export type ZonedParts = LocalTime & { /** Sunday is 0. */ readonly weekday: number }

/** What the clock in the zone shows at an instant. */
export function zonedParts(at: number, zone: string): ZonedParts {
  const { year, month, day, hour, minute } = readClock(at, zone)
  return { year, month, day, hour, minute, weekday: weekdayOf(year, month, day) }
}

/**
 * The instant at which the clock in the zone shows a local time: the earlier one where it is shown twice (a clock put
 * back), the first instant after the gap where it is never shown (a clock put forward). Parts beyond their range carry
 * over: day 32 of a month is a day of the next.
 */
export function instantOf(local: LocalTime, zone: string): number {
  const wanted = Date.UTC(local.year, local.month - 1, local.day, local.hour, local.minute)
  // No zone changes its clock twice within these two days, so one of the two offsets is in force.
  const before = offsetOf(wanted - DAY_MS, zone)
  const after = offsetOf(wanted + DAY_MS, zone)
  const fitting = [wanted - before, wanted - after].filter((at) => at + offsetOf(at, zone) === wanted)
  return fitting.length > 0 ? Math.min(...fitting) : changeBetween(wanted - after, wanted - before, zone)
}

/** Day of the week of a date; Sunday is 0. */
export const weekdayOf = (year: number, month: number, day: number): number =>
  new Date(Date.UTC(year, month - 1, day)).getUTCDay()

/**
 * Whether a text names a zone of the IANA database as people should write it: `Asia/Shanghai`, `UTC`. Bare offsets and
 * old abbreviations are refused: not every supported version of Node takes them, and they know no clock changes.
 */
export function isZone(text: string): boolean {
  if (text !== 'UTC' && !/^[A-Z][A-Za-z]+(?:\/[A-Z][A-Za-z0-9_+-]{1,30}){1,2}$/.test(text)) return false
  try {
    return formatterOf(text) !== undefined
  } catch {
    return false
  }
}

/** What people call a clock that has another city's name in the IANA database. */
const CLOCK_OF: Readonly<Record<string, string>> = {
  北京: 'Asia/Shanghai',
  上海: 'Asia/Shanghai',
  重庆: 'Asia/Shanghai',
}

/** The zone that a text names, as it should be written: also in other letter cases and as `北京`; undefined where there is none. */
export function zoneNamed(text: string): string | undefined {
  const name = text.normalize('NFKC').trim()
  const city = CLOCK_OF[name.replace(/时间$/, '')]
  if (city) return city
  const upper = name.toUpperCase()
  if (!isZone(upper)) return undefined
  const proper = formatterOf(upper).resolvedOptions().timeZone
  if (proper.toLowerCase() === name.toLowerCase()) return proper
  // The database has another name for it, such as `Asia/Calcutta` for `Asia/Kolkata`: it is kept as it was named.
  if (name !== upper && isZone(name)) return name
  return name.toLowerCase().replace(/(?<=^|[/_-])[a-z]/g, (letter) => letter.toUpperCase())
}

/** The instant itself where the clock in the zone stands from 9:00 to 20:00, else the next 9:00 there. */
export function decentInstant(at: number, zone: string): number {
  const { year, month, day, hour, minute } = zonedParts(at, zone)
  const early = hour < EARLIEST_DECENT_HOUR
  const late = hour * 60 + minute > LATEST_DECENT_HOUR * 60
  if (!early && !late) return at
  const next = instantOf({ year, month, day: early ? day : day + 1, hour: EARLIEST_DECENT_HOUR, minute: 0 }, zone)
  // Where a whole day was left out at the date line, the first instant after it is midnight.
  return decentInstant(next, zone)
}

/** How far the clock in the zone is from UTC at an instant: `UTC+8`, `UTC-3:30`, `UTC`. */
export function offsetText(at: number, zone: string): string {
  const minutes = Math.round(offsetOf(at, zone) / MINUTE_MS)
  if (minutes === 0) return 'UTC'
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60]
  return `UTC${minutes < 0 ? '-' : '+'}${hours}${rest === 0 ? '' : `:${String(rest).padStart(2, '0')}`}`
}

/** First instant of the new offset, between one with the old and one with the new. */
function changeBetween(old: number, fresh: number, zone: string): number {
  const offset = offsetOf(old, zone)
  let [low, high] = [old, fresh]
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (offsetOf(middle, zone) === offset) low = middle
    else high = middle
  }
  return high
}

/** Clock minus UTC, in milliseconds. */
function offsetOf(at: number, zone: string): number {
  const { year, month, day, hour, minute, second } = readClock(at, zone)
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / SECOND_MS) * SECOND_MS
}

function readClock(at: number, zone: string): LocalTime & { second: number } {
  const parts = new Map<string, number>()
  for (const { type, value } of formatterOf(zone).formatToParts(at)) parts.set(type, Number(value))
  const read = (type: Intl.DateTimeFormatPartTypes) => parts.get(type)!
  return {
    year: read('year'),
    month: read('month'),
    day: read('day'),
    hour: read('hour'),
    minute: read('minute'),
    second: read('second'),
  }
}

/** Making one costs far more than using it. Throws a RangeError for an unknown zone. */
function formatterOf(zone: string): Intl.DateTimeFormat {
  const known = formatters.get(zone)
  if (known) return known
  const formatter = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  if (formatters.size >= MOST_FORMATTERS) formatters.clear()
  formatters.set(zone, formatter)
  return formatter
}
