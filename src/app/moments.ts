/** Instants in words, always on the clock of a named zone: what was understood can be seen and checked. */
import { zonedParts } from '../core/zoned-time.js'

/** `2026-12-15（周二）18:00（Asia/Shanghai）`, `Tue 15 Dec 2026, 18:00 (Asia/Shanghai)`. */
export function momentText(at: number, zone: string, language: string): string {
  const [day, clock] = [dayText(at, zone, language), clockText(at, zone)]
  return isChinese(language) ? `${day}${clock}（${zone}）` : `${day}, ${clock} (${zone})`
}

/** `2026-12-15（周二）`, `Tue 15 Dec 2026`. */
export function dayText(at: number, zone: string, language: string): string {
  const { year, month, day } = zonedParts(at, zone)
  const weekday = nameOf(at, zone, language, 'weekday')
  if (isChinese(language)) return `${year}-${twoDigits(month)}-${twoDigits(day)}（${weekday}）`
  return `${weekday} ${day} ${nameOf(at, zone, language, 'month')} ${year}`
}

/** `10:21`. */
export function clockText(at: number, zone: string): string {
  const { hour, minute } = zonedParts(at, zone)
  return `${twoDigits(hour)}:${twoDigits(minute)}`
}

/** Chinese writes dates in numbers; other languages take the short names that Intl has for them. */
const isChinese = (language: string): boolean => language.startsWith('zh')

function nameOf(at: number, zone: string, language: string, part: 'weekday' | 'month'): string {
  return new Intl.DateTimeFormat(language, { [part]: 'short', timeZone: zone, calendar: 'gregory' }).format(at)
}

const twoDigits = (value: number): string => String(value).padStart(2, '0')
