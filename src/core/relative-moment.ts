/** `1小时后`, `半小时后`, `in 30 minutes`: how long from now, as people type it, once digits stand for Chinese numerals. */

const MINUTES_IN_HOUR = 60
const MINUTE_MS = 60 * 1000

/** A whole number of hours, of minutes, or hours and a half; nobody types more than three digits. */
const CHINESE =
  /^(?:过)?(?:(?<half>半)个?(?:小时|钟头)|(?<hours>\d{1,3})个?(?<more>半)?(?:小时|钟头)|(?<minutes>\d{1,3})分钟?)(?:之后|以后|后)$/u
const ENGLISH =
  /^in (?:(?<half>half an) hour|(?<hours>an|\d{1,3})(?<more> and a half)? hours?|(?<minutes>\d{1,3}) min(?:ute)?s?)$/u

/** Milliseconds from now; undefined where the text says no such time, and for none at all. */
export function readRelative(text: string): number | undefined {
  const groups = (CHINESE.exec(text) ?? ENGLISH.exec(text))?.groups
  if (!groups) return undefined
  const { half, hours, more, minutes } = groups
  const whole = minutes ? Number(minutes) : (hours === 'an' ? 1 : Number(hours ?? 0)) * MINUTES_IN_HOUR
  const all = whole + (half || more ? MINUTES_IN_HOUR / 2 : 0)
  return all > 0 ? all * MINUTE_MS : undefined
}
