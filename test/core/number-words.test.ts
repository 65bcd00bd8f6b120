import { describe, expect, test } from 'vitest'
import { parsePercent, parseQuantity } from '../../src/core/number-words.js'

type Row = [rule: string, typed: string, outcome: string]

/** `=12` is a value, anything else a reason. */
const outcome = (parsed: ReturnType<typeof parsePercent>) => (parsed.ok ? `=${parsed.value}` : parsed.reason)

// biome-ignore format: a table
const COUNTS: Row[] = [
  ['plain digits', '12', '=12'],
  ['nothing at all counts as zero only when typed', '0', '=0'],
  ['the rubric’s unit behind the number', '12项', '=12'],
  ['a blank before the unit', ' 12 项 ', '=12'],
  ['another measure word than the rubric’s', '12个', '=12'],
  ['full width digits', '１２', '=12'],
  ['full width digits with the unit', '１２项', '=12'],
  ['Chinese numerals', '十二', '=12'],
  ['Chinese numerals with the unit', '十二项', '=12'],
  ['ten by itself', '十', '=10'],
  ['twenty-three', '二十三', '=23'],
  ['two as 两', '两次', '=2'],
  ['two as 俩', '俩', '=2'],
  ['formal numerals', '壹拾贰', '=12'],
  ['a hundred and five', '一百零五', '=105'],
  ['a hundred and twenty as people say it', '一百二', '=120'],
  ['a thousand two hundred as people say it', '一千二', '=1200'],
  ['twelve thousand as people say it', '一万二', '=12000'],
  ['ten thousand and two', '一万零二', '=10002'],
  ['digit by digit', '二〇二六', '=2026'],
  ['digits and a Chinese factor', '3百', '=300'],
  ['zero in Chinese', '零', '=0'],
  ['a thousands comma', '1,000', '=1000'],
  ['a full stop at the end', '12。', '=12'],
  ['an English measure word', '12 meetings', '=12'],
  ['leading zeros', '007', '=7'],
  ['one decimal of zero is a whole number', '12.0', '=12'],
  ['the largest number', '100000', '=100000'],
  ['the largest number in Chinese', '十万', '=100000'],
  ['one above the largest', '100001', 'too_large'],
  ['a phone number', '13800138000', 'too_large'],
  ['a decimal where whole numbers are asked', '12.5', 'decimals'],
  ['a decimal in Chinese', '十二点五', 'decimals'],
  ['a fraction with a slash', '1/2', 'fraction'],
  ['a fraction sign', '½', 'fraction'],
  ['a division', '6÷2', 'fraction'],
  ['a fraction in Chinese', '三分之一', 'fraction'],
  ['a negative number', '-1', 'negative'],
  ['a true minus sign', '−1', 'negative'],
  ['a full width minus', '－１', 'negative'],
  ['a negative number in Chinese', '负三', 'negative'],
  ['a range with a hyphen', '10-12', 'range'],
  ['a range with a tilde', '10~12', 'range'],
  ['a range with a wave', '10～12次', 'range'],
  ['a range with a dash', '10—12', 'range'],
  ['a range in Chinese', '十到十二', 'range'],
  ['another range in Chinese', '3至5', 'range'],
  ['two or three', '两三个', 'range'],
  ['two or three of the rubric’s unit', '两三项', 'range'],
  ['one or two with 两', '一两次', 'range'],
  ['two or three the other way round', '三两个', 'range'],
  ['two or three with 俩', '俩三个', 'range'],
  ['seven or eight', '七八次', 'range'],
  ['eight or nine', '八九', 'range'],
  ['three to five', '三五项', 'range'],
  ['one or two', '一二', 'range'],
  ['three or four', '三四', 'range'],
  ['three, four or five', '三四五个', 'range'],
  ['formal numerals that follow each other', '壹贰', 'range'],
  ['digit by digit without a zero', '九五', 'range'],
  ['the same digit twice', '三三', 'range'],
  ['twelve or thirteen', '十二三', 'range'],
  ['twenty-seven or -eight', '二十七八', 'range'],
  ['twenty-seven or -eight of something', '二十七八个', 'range'],
  ['thirty or forty', '三四十', 'range'],
  ['two or three hundred', '两三百', 'range'],
  ['a hundred and twenty or thirty', '一百二三', 'range'],
  ['ten or twenty thousand', '一两万', 'range'],
  ['ten and some', '十几', 'range'],
  ['some', '几个', 'range'],
  ['quite some', '好几次', 'range'],
  ['tens', '几十', 'range'],
  ['tens with 数', '数十', 'range'],
  ['more than ten', '十多个', 'range'],
  ['more than ten in digits', '10多项', 'range'],
  ['more than a hundred', '百余', 'range'],
  ['twenty or so', '二十来个', 'range'],
  ['about', '大约12', 'range'],
  ['about in short', '约十二', 'range'],
  ['another about', '大概12', 'range'],
  ['nearly', '差不多10个', 'range'],
  ['nearly a hundred', '近百', 'range'],
  ['about in English', 'about 12', 'range'],
  ['more or less', '12左右', 'range'],
  ['more or less, behind the unit', '12项左右', 'range'],
  ['ten and more', '10个以上', 'range'],
  ['digits apart', '3 4', 'range'],
  ['numbers apart', '12 13', 'range'],
  ['full width digits and blank', '３　４', 'range'],
  ['digits apart before the unit', '3 4 项', 'range'],
  ['digits on two lines', '3\n4', 'range'],
  ['Chinese digits apart', '三 四', 'range'],
  ['Chinese numerals apart', '十 二', 'range'],
  ['digits apart with a zero', '一 〇', 'range'],
  ['thousands apart', '1 000', 'range'],
  ['a numbered line', '1. 12', 'range'],
  ['a comma and a blank', '1, 200', 'range'],
  ['a full width blank before the unit', '12　项', '=12'],
  ['a blank before another measure word', '十二 个', '=12'],
  ['a blank before ten thousand', '3 万', '=30000'],
  ['two of something', '两个', '=2'],
  ['two hundred', '两百', '=200'],
  ['twenty thousand', '两万', '=20000'],
  ['digit by digit, three of them', '一三五', '=135'],
  ['digit by digit, two with a zero', '二〇', '=20'],
  ['digit by digit, neighbours after a zero', '二〇二三', '=2023'],
  ['every place named', '一千二百三十四', '=1234'],
  ['a percent sign', '95%', 'wrong_unit'],
  ['a percentage in Chinese', '九成五', 'wrong_unit'],
  ['a word', '很多', 'not_a_number'],
  ['a word and a number', '登记12', 'not_a_number'],
  ['a number and more words', '12项都有', 'not_a_number'],
  ['a word of nearness without a number', '差不多', 'not_a_number'],
  ['an empty text', '', 'not_a_number'],
  ['blanks', '   ', 'not_a_number'],
  ['just the unit', '项', 'not_a_number'],
  ['a bare ten thousand', '万', 'not_a_number'],
  ['a malformed numeral', '十百', 'not_a_number'],
  ['scientific notation', '1e3', 'not_a_number'],
  ['hexadecimal', '0x10', 'not_a_number'],
  ['infinity', 'Infinity', 'not_a_number'],
  ['two decimal points', '1.2.3', 'not_a_number'],
  ['an emoji', '👍', 'not_a_number'],
  ['5,000 digits', '9'.repeat(5000), 'too_long'],
  ['5,000 words', '很多项目'.repeat(1250), 'too_long'],
]

describe('a count', () => {
  test.each(COUNTS)('%s: %s → %s', (_rule, typed, expected) => {
    expect(outcome(parseQuantity(typed, { decimals: 0, largest: 100_000, unit: '项' }))).toBe(expected)
  })
})

// biome-ignore format: a table
const MEASURES: Row[] = [
  ['a unit with a slash is no fraction', '30平方米/百户', '=30'],
  ['the same with decimals', '30.25平方米/百户', '=30.25'],
  ['a part of the unit', '30平方米', '=30'],
  ['square metres in one sign', '30㎡', '=30'],
  ['square metres in letters', '30m2', '=30'],
  ['square metres in full width letters', '３０ｍ２', '=30'],
  ['two decimals', '29.99', '=29.99'],
  ['two decimals in Chinese', '二十九点九九', '=29.99'],
  ['decimals that follow each other are no range', '三十点一二', '=30.12'],
  ['a blank before the unit', '30 平方米/百户', '=30'],
  ['digits apart before the unit', '3 0平方米/百户', 'range'],
  ['a numbered line is no decimal', '1. 12', 'range'],
  ['about, with the unit', '约30平方米/百户', 'range'],
  ['thirty or forty', '三四十平方米', 'range'],
  ['a mixed fraction', '1 1/2', 'fraction'],
  ['trailing zeros are dropped', '30.50', '=30.5'],
  ['three decimals', '29.995', 'decimals'],
  ['a fraction before the unit', '1/2平方米/百户', 'fraction'],
  ['a negative number before the unit', '-3平方米/百户', 'negative'],
  ['a range before the unit', '20-30平方米/百户', 'range'],
]

describe('a measure with two decimals', () => {
  test.each(MEASURES)('%s: %s → %s', (_rule, typed, expected) => {
    expect(outcome(parseQuantity(typed, { decimals: 2, largest: 100_000, unit: '平方米/百户' }))).toBe(expected)
  })
})

// biome-ignore format: a table
const PERCENTAGES: Row[] = [
  ['a percent sign', '95%', '=95'],
  ['a full width percent sign', '９５％', '=95'],
  ['no sign', '95', '=95'],
  ['百分之', '百分之九十五', '=95'],
  ['百分之 with digits', '百分之95', '=95'],
  ['百分之 with a decimal', '百分之九十五点五', '=95.5'],
  ['a hundred per cent in Chinese', '百分之百', '=100'],
  ['another hundred per cent in Chinese', '百分之一百', '=100'],
  ['tenths and hundredths', '九成五', '=95'],
  ['tenths', '八成', '=80'],
  ['tenths and a half', '九成半', '=95'],
  ['tenths in digits', '9成5', '=95'],
  ['ten tenths', '十成', '=100'],
  ['Chinese numerals and a sign', '九十五%', '=95'],
  ['percentage points', '95个百分点', '=95'],
  ['the word', '95 percent', '=95'],
  ['two decimals', '95.25%', '=95.25'],
  ['a trailing zero is dropped', '95.50%', '=95.5'],
  ['nothing', '0%', '=0'],
  ['zero without a sign', '0', '=0'],
  ['just under a hundred', '99.99', '=99.99'],
  ['exactly a hundred', '100', '=100'],
  ['just over a hundred', '100.01', 'over_hundred'],
  ['more than ten tenths', '十成五', 'over_hundred'],
  ['far over a hundred', '999999999999%', 'over_hundred'],
  ['three decimals', '95.125', 'decimals'],
  ['a share could mean two things', '0.95', 'ambiguous_percent'],
  ['just under one could mean two things', '0.99', 'ambiguous_percent'],
  ['less than one with its sign is clear', '0.95%', '=0.95'],
  ['one is one per cent', '1', '=1'],
  ['a fraction', '19/20', 'fraction'],
  ['a fraction in Chinese', '二十分之十九', 'fraction'],
  ['a negative percentage', '-5%', 'negative'],
  ['a negative percentage in Chinese', '百分之负五', 'negative'],
  ['a range', '90%-95%', 'not_a_number'],
  ['a range without signs', '90-95', 'range'],
  ['a range with a tilde', '90%~95%', 'range'],
  ['digit by digit', '九五', '=95'],
  ['digit by digit with a sign', '九五%', '=95'],
  ['digit by digit with decimals', '九五点七八', '=95.78'],
  ['digit by digit downwards', '九八', '=98'],
  ['blanks around 百分之 and the sign', '百分之 95', '=95'],
  ['a blank before the sign', '95 %', '=95'],
  ['seven or eight', '七八', 'range'],
  ['seven or eight with a sign', '七八%', 'range'],
  ['seven or eight with 百分之', '百分之七八', 'range'],
  ['seven or eight points', '七八个百分点', 'range'],
  ['three to five', '三五', 'range'],
  ['two or three', '两三', 'range'],
  ['ninety-five or -six', '九十五六', 'range'],
  ['seventy or eighty', '七八十', 'range'],
  ['seven or eight tenths', '七八成', 'range'],
  ['nine tenths and five or six hundredths', '九成五六', 'range'],
  ['more than nine tenths', '九成多', 'range'],
  ['nearly nine tenths', '近九成', 'range'],
  ['about', '大约百分之九十五', 'range'],
  ['ninety and some', '九十几', 'range'],
  ['more or less', '95%左右', 'range'],
  ['at least', '95%以上', 'range'],
  ['digits apart', '9 5', 'range'],
  ['digits apart with a sign', '9 5%', 'range'],
  ['Chinese digits apart', '九 五', 'range'],
  ['full width digits and blank', '９　５％', 'range'],
  ['a word', '差不多', 'not_a_number'],
  ['all of them', '全部', 'not_a_number'],
  ['a count', '12项', 'not_a_number'],
  ['an empty text', '', 'not_a_number'],
  ['a bare sign', '%', 'not_a_number'],
  ['5,000 digits', '9'.repeat(5000), 'too_long'],
  ['5,000 words', '居民都很满意'.repeat(834), 'too_long'],
]

describe('a percentage', () => {
  test.each(PERCENTAGES)('%s: %s → %s', (_rule, typed, expected) => {
    expect(outcome(parsePercent(typed, 2))).toBe(expected)
  })
})

test('what stands far behind a long gap is not cut away in silence', () => {
  const typed = `12${' '.repeat(500)}3`
  expect(outcome(parseQuantity(typed, { decimals: 0, largest: 100_000, unit: '项' }))).toBe('too_long')
  expect(outcome(parsePercent(typed, 2))).toBe('too_long')
})

test('a superscript makes no other number', () => {
  expect(outcome(parseQuantity('10²', { decimals: 0, largest: 100_000, unit: '项' }))).toBe('not_a_number')
})

test('a number of more digits than anyone types is too large, not no number', () => {
  expect(outcome(parseQuantity('9'.repeat(13), { decimals: 0, largest: 100_000, unit: '项' }))).toBe('too_large')
  expect(outcome(parsePercent('9'.repeat(13), 2))).toBe('over_hundred')
})

test('a decimal comma is not read as thousands', () => {
  expect(outcome(parseQuantity('0,500', { decimals: 0, largest: 100_000, unit: '项' }))).toBe('not_a_number')
})
