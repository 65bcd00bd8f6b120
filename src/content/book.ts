/** A rubric with its words in every language, under the hash of its content. What a sheet is bound to. */
import { createHash } from 'node:crypto'
import { checkRubric } from '../core/check-rubric.js'
import { type Questionnaire, questionnaireOf } from '../core/questionnaire.js'
import type { Fault, Rubric } from '../core/rubric.js'
import { checkPrompts, type Prompts } from './prompts.js'

export type Book = {
  /** sha256 of the rubric's canonical JSON, in hex; the words are not part of it. */
  readonly hash: string
  readonly rubric: Rubric
  readonly questionnaire: Questionnaire
  /** Words by language; the first language is always there. */
  readonly prompts: Readonly<Record<string, Prompts>>
}

/** What is stored of a book: enough to read it again. */
export type BookData = { rubric: unknown; prompts: Record<string, unknown> }

export type BookFault = Fault & { readonly where: 'rubric' | `prompts/${string}` }

/** Checks and binds a rubric and its words; every fault of all of them at once. */
export function bindBook({ rubric, prompts }: BookData): { ok: true; book: Book } | { ok: false; faults: BookFault[] } {
  const checked = checkRubric(rubric)
  const faults: BookFault[] = checked.ok ? [] : checked.faults.map((fault) => ({ ...fault, where: 'rubric' as const }))
  if (!checked.rubric) return { ok: false, faults }
  const words: Record<string, Prompts> = {}
  for (const [language, data] of Object.entries(prompts)) {
    const own = checkPrompts(checked.rubric, data)
    if (own.ok) words[language] = own.prompts
    else faults.push(...own.faults.map((fault) => ({ ...fault, where: `prompts/${language}` as const })))
  }
  if (faults.length > 0) return { ok: false, faults }
  return {
    ok: true,
    book: {
      hash: hashRubric(checked.rubric),
      rubric: checked.rubric,
      questionnaire: questionnaireOf(checked.rubric),
      prompts: words,
    },
  }
}

/** sha256 over the JSON of the checked rubric with sorted keys: the same for every way of writing the same file. */
export function hashRubric(rubric: Rubric): string {
  return createHash('sha256')
    .update(JSON.stringify(sorted(rubric)))
    .digest('hex')
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  )
}
