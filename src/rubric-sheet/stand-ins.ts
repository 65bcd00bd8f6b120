/**
 * Values put in the place of broken ones, so that one faulty cell does not hide the faults behind it:
 * the schema's shape is checked before its rules, and the rules before the words.
 */
import type { Loose } from './pieces.js'
import type { Path } from './reading.js'

const INDICATOR: Record<string, (id: string) => unknown> = {
  title: () => '-',
  requirement: () => '-',
  points: () => 1,
  answer: () => ({ type: 'yesno' }),
  methods: () => [],
  post: () => '-',
  provenance: () => ({}),
}
const SECTIONS: Record<string, unknown> = {
  id: 'stand-in',
  version: '0.0.0',
  title: '-',
  status: 'draft',
  standard: { name: '-' },
  scale: 1,
  counts: { first_level: 1, second_level: 1, indicators: 1 },
  options: {
    level4: [
      { key: 'a', ratio: 1 },
      { key: 'b', ratio: 0 },
    ],
    yesno: [
      { key: 'a', ratio: 1 },
      { key: 'b', ratio: 0 },
    ],
  },
  grades: [{ code: 'A' }],
  cutoffs: { use: 'a', sets: { a: { A: 0 } } },
}
const SCORING: Record<string, unknown> = {
  not_applicable: { max_share: 0 },
  weak: { rate_below: 0 },
  veto: { enabled: false },
  first_level_minimum: { enabled: false },
  bonus: { enabled: false },
  penalty: { enabled: false },
  disqualifiers: [],
}

/** Puts a sound value around a faulty spot of a rubric in place; gives the path of what was replaced, or nothing. */
export function repairRubric(data: Loose, path: Path, serial: number): Path | undefined {
  const [section, ...rest] = path
  if (section === 'first_level') return repairLevel(data, path, serial)
  if (section === 'scoring' && rest.length > 0 && String(rest[0]) in SCORING) {
    ;(data.scoring as Loose)[String(rest[0])] = structuredClone(SCORING[String(rest[0])])
    return path.slice(0, 2)
  }
  if (section === 'disclaimer') {
    delete data.disclaimer
    return ['disclaimer']
  }
  if (!(String(section) in SECTIONS)) return undefined
  data[String(section)] = structuredClone(SECTIONS[String(section)])
  return [section!]
}

function repairLevel(data: Loose, path: Path, serial: number): Path | undefined {
  const depth = path.includes('indicators') ? 6 : path.includes('second_level') ? 4 : 2
  const field = path[depth]
  if (path.length === 1) return undefined
  if (path.length < depth || (path.at(-1) === 'indicators' && depth === 6)) return fillEmpty(data, path, serial)
  const entry = at(data, path.slice(0, depth))
  if (!entry || field === undefined) return path.at(-1) === 'second_level' ? fillEmpty(data, path, serial) : undefined
  if (field === 'id') entry.id = `Z-${serial}`
  else if (field === 'vetoes') entry.vetoes = []
  else if (field === 'clause') delete entry.clause
  else if (field === 'name') entry.name = '-'
  else if (field in INDICATOR) entry[String(field)] = INDICATOR[String(field)]!(String(entry.id))
  else return undefined
  return path.slice(0, depth + 1)
}

/** A level without members gets one, so that the shape holds. */
function fillEmpty(data: Loose, path: Path, serial: number): Path | undefined {
  const parent = at(data, path.slice(0, -1))
  if (!parent) return undefined
  const indicator = { id: `Z-${serial}`, title: '-', requirement: '-', points: 1, answer: { type: 'yesno' }, post: '-' }
  parent[String(path.at(-1))] =
    path.at(-1) === 'indicators' ? [indicator] : [{ id: `Y-${serial}`, name: '-', indicators: [indicator] }]
  return path
}

/** The same for the words of one language. */
export function repairWords(data: Loose, path: Path): Path | undefined {
  if (path[0] === 'indicators' && path.length >= 3) {
    const entry = at(data, path.slice(0, 2))
    if (!entry) return undefined
    const key = String(path[2])
    const value = entry[key]
    if (['evidence', 'reasons', 'suggestions'].includes(key)) entry[key] = ['-']
    else if (Array.isArray(value)) entry[key] = value.map(() => '-')
    else entry[key] = '-'
    return path.slice(0, 3)
  }
  const parent = at(data, path.slice(0, -1))
  if (!parent || path.length === 0) return undefined
  parent[String(path.at(-1))] = '-'
  return path
}

function at(data: Loose, path: Path): Loose | undefined {
  const found = path.reduce<unknown>((inner, part) => (inner as Loose | undefined)?.[part as string], data)
  return typeof found === 'object' && found !== null ? (found as Loose) : undefined
}
