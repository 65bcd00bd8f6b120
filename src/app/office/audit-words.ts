/** What a change was, from before to after, in few words. */
import type { Change } from '../district.js'
import { clockText, dayText } from '../moments.js'
import { promptsOf, term } from '../words.js'
import { DISTRICT_ZONE } from './places.js'
import type { Visit } from './visit.js'

/** Eight lines of a card must stay far below its limit. */
const LONGEST_CHANGE = 200
const LONGEST_LIST = 3
/** Fields whose values are words of the program. */
const WORDED: ReadonlySet<string> = new Set(['practice', 'mode', 'status', 'template', 'attachment', 'language'])
/** Instants as they are written in the log. */
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/

/** `截止时间：2026-12-07（周一）18:00 → 2026-12-15（周二）18:00；…`; '' where nothing more is known. */
export async function changeText(visit: Visit, { before, after }: Change): Promise<string> {
  const { say } = visit
  const fields = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])]
  const parts: string[] = []
  for (const key of fields) {
    const field = wordOr(visit, `audit.fields.${key}`, key)
    const was = before && key in before ? await valueText(visit, key, before[key]) : undefined
    const is = after && key in after ? await valueText(visit, key, after[key]) : undefined
    const added = was === undefined || was === is
    parts.push(
      added
        ? say('audit.only', { field, value: is! })
        : say('audit.change', { field, before: was, after: is ?? say('audit.nothing') }),
    )
  }
  const text = parts.join(say('list.semicolon'))
  const letters = [...text]
  return letters.length > LONGEST_CHANGE ? `${letters.slice(0, LONGEST_CHANGE).join('')}…` : text
}

async function valueText(visit: Visit, key: string, value: unknown): Promise<string> {
  const { desk, say, language } = visit
  if (value === null || value === '') return say(key === 'uses' ? 'invites.unlimited' : 'audit.nothing')
  if (Array.isArray(value)) {
    if (value.length === 0) return say('audit.nothing')
    if (value.length > LONGEST_LIST) return say('audit.items', { count: value.length })
    const parts: string[] = []
    for (const one of value) parts.push(await valueText(visit, key, one))
    return parts.join(say('list.comma'))
  }
  if (typeof value === 'number') return String(value)
  if (key === 'grade') return gradeText(visit, value)
  if (typeof value !== 'string') return JSON.stringify(value)
  switch (key) {
    case 'role':
      return wordOr(visit, `role.${value}`, value)
    case 'posts':
      return term(promptsOf(desk.books.current, language), value)
    case 'person':
      return (await desk.members.nameOf(value)) ?? say('office.somebody')
    case 'communities':
      return (await desk.communities.community(value))?.name ?? wordOr(visit, `audit.values.${value}`, value)
  }
  const at = INSTANT.test(value) ? Date.parse(value) : Number.NaN
  if (!Number.isNaN(at)) return instantText(at, language)
  if (key === 'total' && /^\d+\.\d+$/.test(value)) return value.replace(/\.?0+$/, '')
  return WORDED.has(key) ? wordOr(visit, `audit.values.${value}`, value) : value
}

/** `2026-12-15（周二）18:00` on the district's clock, or another one. */
export function instantText(at: number, language: string, zone = DISTRICT_ZONE): string {
  const [day, clock] = [dayText(at, zone, language), clockText(at, zone)]
  return day.endsWith('）') ? `${day}${clock}` : `${day} ${clock}`
}

/** As the result has it: `{ kind: 'graded', code: 'AAA' }`, or a kind alone. */
function gradeText(visit: Visit, grade: unknown): string {
  const { kind = '', code } = (typeof grade === 'object' ? grade : { kind: String(grade) }) as Record<string, string>
  return code ?? wordOr(visit, `grade.${kind}`, kind)
}

/** Words of a key that may have none: then the locale gives the key back. */
export function wordOr({ say }: Visit, key: string, otherwise: string): string {
  const words = say(key)
  return words === key ? otherwise : words
}
