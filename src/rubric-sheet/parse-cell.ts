/** From what a cell holds to the value that a column wants; a refusal says what was expected. */
import { type Raw, tidy } from './cells.js'
import type { Words } from './faults.js'
import { NOTHING } from './sheet-spec.js'

/** `undefined` is an empty cell; whether that is allowed is the schema's business. */
export type Parsed<T> = { ok: true; value: T | undefined } | { ok: false; words: Words }

const none = { ok: true, value: undefined } as const
const no = (zh: string, en: string): { ok: false; words: Words } => ({ ok: false, words: { zh, en } })

/** Free text; numbers become their digits. */
export function parseText(raw: Raw): Parsed<string> {
  switch (raw.kind) {
    case 'empty':
      return none
    case 'text':
      return { ok: true, value: raw.text }
    case 'number':
      return { ok: true, value: raw.percent ? `${tidy(raw.value * 100)}%` : String(raw.value) }
    case 'flag':
      return no('应为文字', 'expected text')
    case 'bad':
      return { ok: false, words: raw.words }
  }
}

/** Ids and other codes: half width, no blanks. `P1-01` and `P1—01` are the same. */
export function parseCode(raw: Raw): Parsed<string> {
  const text = parseText(raw)
  if (!text.ok || text.value === undefined) return text
  return { ok: true, value: halfWidth(text.value).replace(/[‐-―−]/g, '-') }
}

/**
 * A number, also as text, in full width, with thousands commas or as a percentage.
 * `percentAs`: what 90% stands for (90 or 0.9); without it percentages are refused.
 */
export function parseNumber(raw: Raw, percentAs?: 'hundreds' | 'ratio'): Parsed<number> {
  switch (raw.kind) {
    case 'empty':
      return none
    case 'number':
      return raw.percent ? percentage(raw.value * 100, percentAs) : finite(raw.value)
    case 'flag':
      return no('应为数字', 'expected a number')
    case 'bad':
      return { ok: false, words: raw.words }
    case 'text': {
      const text = halfWidth(raw.text).replace(/[−–—]/g, '-')
      const plain = /^[+-]?\d{1,3}(,\d{3})+(\.\d+)?%?$/.test(text) ? text.replaceAll(',', '') : text
      const match = /^([+-]?(?:\d+\.?\d*|\.\d+))(%?)$/.exec(plain)
      if (!match) return no('应为数字', 'expected a number')
      const value = Number(match[1])
      return match[2] === '%' ? percentage(value, percentAs) : finite(value)
    }
  }
}

/** One of a few words; `是/否` also as true and false, ✓ and ×. */
export function parseChoice<T extends string>(raw: Raw, choices: readonly T[]): Parsed<T> {
  if (raw.kind === 'empty') return none
  if (raw.kind === 'bad') return { ok: false, words: raw.words }
  const text = raw.kind === 'text' ? halfWidth(raw.text) : ''
  const yes = raw.kind === 'flag' ? raw.value : (YES_MARKS[text.toLowerCase()] ?? undefined)
  const word = choices.includes('是' as T) && yes !== undefined ? (yes ? '是' : '否') : text
  const value = choices.find((choice) => choice.toLowerCase() === word.toLowerCase())
  return value === undefined
    ? no(`应为“${choices.join('”“')}”之一`, `expected one of ${choices.join(', ')}`)
    : { ok: true, value }
}

const YES_MARKS: Record<string, boolean> = {
  '✓': true,
  '✔': true,
  '√': true,
  y: true,
  yes: true,
  '×': false,
  n: false,
  no: false,
}

/** One entry a line; empty lines are dropped. `(无)` is a list of nothing. */
export function parseLines(raw: Raw): Parsed<string[]> {
  const text = parseText(raw)
  if (!text.ok) return text
  if (text.value === undefined) return none
  if (isNothing(text.value)) return { ok: true, value: [] }
  return {
    ok: true,
    value: text.value
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== ''),
  }
}

/** `80:0; 60:4; 0:8`: from which value on how many points are lost. */
export function parseBands(raw: Raw): Parsed<{ from: number; lose: number }[]> {
  const text = parseText(raw)
  if (!text.ok || text.value === undefined) return text as Parsed<never>
  const bands: { from: number; lose: number }[] = []
  for (const piece of text.value.normalize('NFKC').split(/[;,、\n]/)) {
    const part = piece.replace(/\s+/g, '')
    if (part === '') continue
    const match = /^(-?\d+(?:\.\d+)?)%?:(\d+(?:\.\d+)?)$/.exec(part)
    if (!match)
      return no(
        `应写成“起点:扣几分”,用分号隔开,例如“80:0; 60:4; 0:8”;看不懂“${part}”`,
        `expected bands like \`80:0; 60:4; 0:8\`, could not read \`${part}\``,
      )
    bands.push({ from: Number(match[1]), lose: Number(match[2]) })
  }
  return { ok: true, value: bands }
}

/** Whether a cell says that there is deliberately nothing. */
export function isNothing(text: string): boolean {
  return halfWidth(text) === halfWidth(NOTHING)
}

/** Full-width letters and digits as half width, without any blanks. */
export function halfWidth(text: string): string {
  return text.normalize('NFKC').replace(/\s+/g, '')
}

function finite(value: number): Parsed<number> {
  return Number.isFinite(value) ? { ok: true, value: tidy(value) } : no('应为数字', 'expected a number')
}

function percentage(value: number, as: 'hundreds' | 'ratio' | undefined): Parsed<number> {
  if (as === undefined) return no('应为数字,不是百分比', 'expected a number, not a percentage')
  return finite(as === 'hundreds' ? value : value / 100)
}
