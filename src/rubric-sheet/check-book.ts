/** Runs the schema's checks over data that came from a workbook and maps every fault back to its cell. */
import { checkPrompts, type Prompts } from '../content/prompts.js'
import { checkRubric } from '../core/check-rubric.js'
import type { Fault, Rubric } from '../core/rubric.js'
import { explain } from './explain.js'
import { withFound } from './faults.js'
import type { Loose } from './pieces.js'
import type { Path, Reading, Where } from './reading.js'
import { repairRubric, repairWords } from './stand-ins.js'

/** Each round replaces what the shape refuses; a broken sheet needs two or three. */
const MAX_ROUNDS = 5

export type BookLoose = { readonly rubric: Loose; readonly zh: Loose; readonly en: Loose }
export type Sound = { readonly rubric: Rubric; readonly zh: Prompts; readonly en: Prompts }

/** Adds every fault of the rubric and its words to the reading; the sound data where there is none at all. */
export function checkBook(data: BookLoose, reading: Reading): Sound | undefined {
  const copy = structuredClone(data)
  const rubric = checkOwn(copy.rubric, reading)
  if (!rubric) return undefined
  const zh = checkWords(rubric, copy.zh, 'prompts/zh-CN', reading)
  const en = checkWords(rubric, copy.en, 'prompts/en', reading)
  return reading.faults.length === 0 && zh && en ? { rubric, zh, en } : undefined
}

function checkOwn(data: Loose, reading: Reading): Rubric | undefined {
  let serial = 0
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const checked = checkRubric(data)
    if (checked.ok) return checked.rubric
    for (const fault of checked.faults) report('rubric', fault, reading)
    if (checked.rubric) return checked.rubric
    for (const { path } of checked.faults) {
      serial += 1
      const repaired = repairRubric(data, path, serial)
      if (!repaired) return undefined
      reading.broken.push({ where: 'rubric', path: repaired })
    }
  }
  return undefined
}

function checkWords(rubric: Rubric, data: Loose, where: Where, reading: Reading): Prompts | undefined {
  data.rubric = `${rubric.id}@${rubric.version}`
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const checked = checkPrompts(rubric, data)
    if (checked.ok) return checked.prompts
    const sound = checked.faults.map((fault) => report(where, fault, reading))
    let repaired = false
    for (const [i, { path }] of checked.faults.entries()) {
      const spot = sound[i] === 'rule' ? undefined : repairWords(data, path)
      if (!spot) continue
      repaired = true
      reading.broken.push({ where, path: spot })
    }
    if (!repaired) return undefined
  }
  return undefined
}

/** Adds a fault unless it only follows from one that is known; says whether a rule or the shape complained. */
function report(where: Where, { path, message }: Fault, reading: Reading): 'rule' | 'shape' {
  const kind = message.startsWith('Expected ') ? 'rule' : 'shape'
  if (follows(where, path, reading)) return kind
  const found = reading.find(where, path)
  const place = found?.place ?? { sheet: '设置' }
  const words = explain(message)
  const entry = found?.inside.find((part) => typeof part === 'number')
  const line = entry === undefined ? undefined : Number(entry) + 1
  const said = line === undefined ? words : { zh: `第 ${line} 条${words.zh}`, en: `entry ${line}: ${words.en}` }
  reading.fault(place, words.own ? said : withFound(said, place.found))
  return kind
}

function follows(where: Where, path: Path, reading: Reading): boolean {
  const own = reading.broken.filter((one) => one.where === where)
  if (own.some((one) => starts(path, one.path) || (one.path.length > path.length && starts(one.path, path))))
    return true
  const rubric = reading.broken.filter((one) => one.where === 'rubric').map((one) => one.path)
  if (where === 'rubric') {
    if (path[0] === 'scale') return rubric.some((one) => one.at(-1) === 'points' || one.at(-1) === 'indicators')
    if (path[0] === 'counts') return rubric.some((one) => one.at(-1) === 'indicators' || one.at(-1) === 'second_level')
    if (path[0] === 'cutoffs') return rubric.some((one) => ['scale', 'grades', 'cutoffs'].includes(String(one[0])))
    const answer = path.indexOf('answer')
    if (answer < 0) return false
    const indicator = path.slice(0, answer)
    return rubric.some((one) => starts(one, indicator) && ['answer', 'points'].includes(String(one[answer])))
  }
  // Words are keyed by the rubric's ids and lists: where those are stand-ins, the words cannot match.
  if (path[0] === 'rubric') return true
  if (path[0] === 'options') return rubric.some((one) => one[0] === 'options')
  if (path[0] === 'extras') return rubric.some((one) => one[0] === 'scoring')
  if (path[0] === 'levels' || path.length === 2)
    return rubric.some((one) => one.at(-1) === 'id' || one.at(-1) === 'indicators')
  return path[2] === 'vetoes' && rubric.some((one) => one.at(-1) === 'vetoes')
}

const starts = (path: Path, head: Path): boolean => head.every((part, i) => path[i] === part)
