/**
 * Numbers as people type them on a phone: `12`, `12项`, `１２`, `十二`, `95%`, `百分之九十五`, `九成五`.
 * What cannot be read for certain is refused with a reason; nothing is guessed.
 */
import type { Parsed, RejectReason } from './answers/answer-type.js'
import { compare, type Exact, exact, format, multiply } from './exact.js'

/** Longer than any number that someone would type; keeps pasted texts from being parsed at all. */
export const LONGEST_NUMBER_TEXT = 40
/** With all its blanks; anything longer is refused unread, so that nothing behind a long gap is lost in silence. */
const LONGEST_TEXT = 10 * LONGEST_NUMBER_TEXT

/** Words that may stand behind a count whatever the rubric's unit is: people say 12个 where the table says 12项. */
const MEASURE_WORDS =
  /^(?:项|次|个|件|处|支|人次|人|户|场|名|家|起|例|条|份|学时|小时|课时|平方米|平米|m2|times?|items?|places?|groups?|hours?|cases?|people|meetings?)$/u
// biome-ignore format: one line of digits reads better than twenty
const DIGITS: Readonly<Record<string, number>> = {
  零: 0, 〇: 0, 一: 1, 壹: 1, 二: 2, 贰: 2, 两: 2, 俩: 2, 三: 3, 叁: 3, 四: 4, 肆: 4, 五: 5, 伍: 5,
  六: 6, 陆: 6, 七: 7, 柒: 7, 八: 8, 捌: 8, 九: 9, 玖: 9,
}
const TENS: Readonly<Record<string, number>> = { 十: 10, 拾: 10, 百: 100, 佰: 100, 千: 1000, 仟: 1000 }
const DIGIT_WORDS = Object.keys(DIGITS).join('')
const NUMERALS = `\\d${DIGIT_WORDS}${Object.keys(TENS).join('')}万`

/** `3 4`, `三 四`, `1. 12`: two numbers, or one with a gap. `12 项` and `3 万` are one number and what belongs to it. */
const APART = new RegExp(`[${NUMERALS}][.,]?\\s+[.,]?[\\d${DIGIT_WORDS}十拾]`, 'u')
/** 大约12, 近百, 数十, about 12. */
const ABOUT_BEFORE = new RegExp(
  `^(?:大?约|大概|差不多|将?近|接近|超过|不足|最多|数|上|about|around|roughly|nearly|almost)(?:百分之)?[${NUMERALS}]`,
  'u',
)
/** 十多个, 二十来个, 百余, 12左右, 95%以上. */
const ABOUT_BEHIND = new RegExp(`[${NUMERALS}%成][多余来]|[${NUMERALS}].*(?:左右|上下|以上|以下|以内|出头)$`, 'u')

/** A count or measure: unit words behind it are accepted, percent signs are not. */
export function parseQuantity(text: string, rule: { decimals: number; largest: number; unit: string }): Parsed {
  if (text.length > LONGEST_TEXT) return refuse('too_long')
  const clean = tidy(text)
  const unit = tidyUnit(rule.unit)
  const body =
    clean.endsWith(unit) && clean.length > unit.length ? clean.slice(0, -unit.length) : dropMeasureWord(clean)
  // The unit goes first: 平方米/百户 has a slash that makes no fraction.
  const early = refuseShape(body, text)
  if (early) return refuse(early)
  if (/[%]|^百分之|成/u.test(body)) return refuse('wrong_unit')
  // 九五 may be 95 or 9 to 5 of something; digit by digit is how percentages and years are said, not counts.
  if (digitRuns(body).some((run) => run.length === 2 || isApproximate(run))) return refuse('range')
  const value = readNumber(body)
  return value ? fitInto(value, rule.decimals, rule.largest, 'too_large') : refuse('not_a_number')
}

/** A percentage from 0 to 100; the sign may be left out. `0.95` could mean 95 % or 0.95 %, so it is asked again. */
export function parsePercent(text: string, decimals: number): Parsed {
  if (text.length > LONGEST_TEXT) return refuse('too_long')
  const clean = tidy(text)
  const early = refuseShape(clean.replace(/^百分之/u, ''), text)
  if (early) return refuse(early)
  if (digitRuns(clean).some(isApproximate)) return refuse('range')
  const hundredths = /^百分之(.+)$/u.exec(clean)?.[1] ?? /^(.+?)(?:%|个?百分点|percent)$/u.exec(clean)?.[1]
  if (hundredths !== undefined) return fitPercent(hundredths === '百' ? exact(100) : readNumber(hundredths), decimals)
  const tenths = /^(.+)成([一二两三四五六七八九半\d])?$/u.exec(clean)
  if (tenths) return fitPercent(readTenths(tenths[1]!, tenths[2]), decimals)
  if (/^(?:全部|全都|100分)$/u.test(clean)) return refuse('not_a_number')
  const value = readNumber(clean)
  if (!value) return refuse('not_a_number')
  if (value.n > 0n && compare(value, exact(1)) < 0) return refuse('ambiguous_percent')
  return fitPercent(value, decimals)
}

function refuseShape(clean: string, typed: string): RejectReason | undefined {
  if (clean.length > LONGEST_NUMBER_TEXT) return 'too_long'
  if (/^(?:-|负|minus)/u.test(clean)) return 'negative'
  if (/几/u.test(clean) || ABOUT_BEFORE.test(clean) || ABOUT_BEHIND.test(clean)) return 'range'
  if (/[/÷⁄]|分之/u.test(clean)) return 'fraction'
  if (/[~～〜—–]|\d-\d|到|至/u.test(clean)) return 'range'
  return APART.test(oneWidth(typed)) ? 'range' : undefined
}

/** The runs of Chinese digits in front of the decimal point, without those that hold a zero: nobody approximates with 零. */
function digitRuns(clean: string): string[] {
  const whole = clean.replace(new RegExp(`点[${DIGIT_WORDS}]+`, 'u'), '点')
  const runs = whole.match(new RegExp(`[${DIGIT_WORDS}]{2,}`, 'gu')) ?? []
  return runs.filter((run) => !/[零〇]/u.test(run))
}

/** 两三, 七八, 三四五: digits that follow each other mean “about”, as does 三五; 两 is never said digit by digit. */
function isApproximate(run: string): boolean {
  const digits = [...run].map((one) => DIGITS[one]!)
  return (
    /[两俩]/u.test(run) ||
    digits.join('') === '35' ||
    digits.every((digit, i) => i === 0 || digit === digits[i - 1]! + 1)
  )
}

/** One width, one case. */
function oneWidth(text: string): string {
  return text
    .replace(/(?<=\d)[²³¹⁰-₟]/gu, '^') // 10² must not become 102
    .normalize('NFKC')
    .toLowerCase()
}

/** The same without blanks, thousands commas, and a full stop at the end. */
function tidy(text: string): string {
  return oneWidth(text)
    .replace(/\u2212/gu, '-')
    .replace(/\s+/gu, '')
    .replace(/(?<![\d.,])[1-9]\d{0,2}(?:,\d{3})+(?![\d,])/gu, (thousands) => thousands.replaceAll(',', ''))
    .replace(/[。.!]+$/u, '')
}

const tidyUnit = (unit: string): string => tidy(unit)

function dropMeasureWord(clean: string): string {
  const match = /^(.*?[\d零〇一二两三四五六七八九十百千万])(m2|[^\d零〇一二两三四五六七八九十百千万.]+)$/u.exec(clean)
  return match && MEASURE_WORDS.test(match[2]!) ? match[1]! : clean
}

/** Arabic digits, Chinese numerals, or digits with 十/百/千/万 behind; undefined where it is none of these. */
function readNumber(text: string): Exact | undefined {
  const arabic = /^(\d{1,40}(?:\.\d{1,6})?)(百|千|万)?$/u.exec(text)
  if (arabic) {
    const factor = arabic[2] === '万' ? 10_000 : arabic[2] ? TENS[arabic[2]]! : 1
    return multiply(exact(stripZeros(arabic[1]!)), exact(factor))
  }
  const [whole, decimals, more] = text.split('点')
  if (more !== undefined || whole === undefined || whole === '') return undefined
  const integer = readChinese(whole)
  if (integer === undefined) return undefined
  if (decimals === undefined) return exact(integer)
  const digits = [...decimals].map((one) => DIGITS[one])
  if (digits.length === 0 || digits.length > 6 || digits.some((one) => one === undefined)) return undefined
  return exact(`${integer}.${digits.join('')}`)
}

const stripZeros = (digits: string): string => digits.replace(/^0+(?=\d)/, '')

/** 十二, 一百零五, 一万二, 二〇二六; undefined for anything that is not a well-formed numeral. */
function readChinese(text: string): number | undefined {
  const chars = [...text]
  if (chars.length > 1 && chars.every((one) => one in DIGITS)) {
    const digits = chars.map((one) => DIGITS[one]).join('')
    return digits.length <= 9 ? Number(digits) : undefined
  }
  const [high, low, more] = text.split('万')
  if (more !== undefined) return undefined
  if (low === undefined) return readBelowTenThousand(text)
  const above = readBelowTenThousand(high!)
  if (above === undefined || above === 0) return undefined
  if (low === '') return above * 10_000
  // 一万二 is 12,000: a lone digit after 万 counts thousands.
  const below = low.length === 1 && low in DIGITS ? DIGITS[low]! * 1000 : readBelowTenThousand(low)
  return below === undefined ? undefined : above * 10_000 + below
}

function readBelowTenThousand(text: string): number | undefined {
  let total = 0
  let digit: number | undefined
  let lastUnit = 10_000
  let zero = false
  for (const one of text) {
    if (one in DIGITS) {
      if (digit !== undefined && digit !== 0) return undefined
      digit = DIGITS[one]!
      if (digit === 0) zero = true
    } else if (one in TENS) {
      const unit = TENS[one]!
      if (unit >= lastUnit) return undefined
      if (digit === 0 || (digit === undefined && unit !== 10)) return undefined
      total += (digit ?? 1) * unit
      lastUnit = unit
      digit = undefined
      zero = false
    } else return undefined
  }
  if (text === '' || (digit === 0 && total > 0)) return undefined
  if (digit === undefined) return total
  // 一百二 is 120 and 一百零二 is 102.
  return total + (total > 0 && !zero && lastUnit > 10 ? (digit * lastUnit) / 10 : digit)
}

/** 九成五 is 95 %, 八成 is 80 %, 九成半 is 95 %. */
function readTenths(whole: string, rest: string | undefined): Exact | undefined {
  const tens = readNumber(whole)
  const ones = rest === undefined ? exact(0) : rest === '半' ? exact(5) : readNumber(rest)
  if (tens?.d !== 1n || compare(tens, exact(10)) > 0 || !ones) return undefined
  return { n: tens.n * 10n + ones.n, d: 1n }
}

function fitPercent(value: Exact | undefined, decimals: number): Parsed {
  return value ? fitInto(value, decimals, 100, 'over_hundred') : refuse('not_a_number')
}

function fitInto(value: Exact, decimals: number, largest: number, over: RejectReason): Parsed {
  if (compare(value, exact(largest)) > 0) return refuse(over)
  if ((10n ** BigInt(decimals) * value.n) % value.d !== 0n) return refuse('decimals')
  const text = format(value, decimals)
  return { ok: true, value: text.includes('.') ? text.replace(/\.?0+$/, '') : text }
}

const refuse = (reason: RejectReason): Parsed => ({ ok: false, reason })
