import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Label, placeLabels, widthOf, wrap } from '../../src/reports/radar-labels.js'
import { FIELD } from '../../src/reports/radar-marks.js'

describe('wrapping', () => {
  test.each<[text: string, characters: number, most: number, lines: string[]]>([
    ['组织体系', 9, 4, ['组织体系']],
    ['生活垃圾分类管理', 5, 4, ['生活垃圾', '分类管理']],
    ['一二三四五六七八九十一二三', 4, 4, ['一二三', '四五六', '七八九', '十一二三']],
    ['一二三四，五六七八', 5, 4, ['一二三四，', '五六七八']],
    ['（一二）三四五', 4, 4, ['（一二）', '三四五']],
    ['Party member management', 8, 4, ['Party member', 'management']],
    ['self-governance', 7, 4, ['self-', 'governance']],
    ['Donaudampfschifffahrt', 7, 4, ['Donaudamp', 'fschifffahrt']],
    ['一二三四五六七八九十', 3, 2, ['一二三', '四五…']],
    ['', 9, 4, ['']],
  ])('%s in %i', (text, characters, most, lines) => {
    expect(wrap(text, characters, most)).toEqual(lines)
  })
  test('keeps every character, on lines that are not too long', () => {
    const texts = fc.string({ unit: fc.constantFrom(...'社区 a，Wm-（）1'), maxLength: 40 })
    fc.assert(
      fc.property(texts, fc.integer({ min: 3, max: 12 }), (text, characters) => {
        const lines = wrap(text, characters, 40)
        expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''))
        for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(characters)
      }),
    )
  })
})

const boxOf = ({ left, top, width, height }: Label) => ({ left, top, right: left + width, bottom: top + height })

/** Pairs of labels that lie over each other, and labels that reach over the field or into the radar. */
function faults(labels: readonly Label[]): string[] {
  const boxes = labels.map(boxOf)
  const over = boxes.flatMap((a, i) =>
    boxes.slice(i + 1).flatMap((b, j) => {
      const apart = a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top
      return apart ? [] : [`${i} over ${i + 1 + j}`]
    }),
  )
  const out = boxes.flatMap((box, i) =>
    box.left < FIELD.left || box.right > FIELD.right || box.top < FIELD.top || box.bottom > FIELD.bottom
      ? [`${i} out`]
      : [],
  )
  return [...over, ...out]
}

describe('labels', () => {
  const valueWidth = widthOf('100%') + 0.8 * widthOf(' ▲100')
  test('four characters each stand in one line, large', () => {
    const labels = placeLabels(
      Array.from({ length: 18 }, () => ({ name: '组织体系', valueWidth: 3 })),
      FIELD,
    )
    expect(faults(labels)).toEqual([])
    expect(labels.every(({ lines, size }) => lines.length === 1 && size >= 26)).toBe(true)
    expect(boxOf(labels[0]!).bottom).toBeLessThan(FIELD.centreY - FIELD.radius + 1)
  })
  test('names of up to 16 characters, or English ones, never lie over each other nor over the edge', () => {
    const hanzi = fc.string({ unit: fc.constantFrom(...'组织体系党员管理，（）'), minLength: 1, maxLength: 16 })
    const words = fc.constantFrom('Organisational', 'governance', 'and', 'life', "Residents'", 'of', 'technology')
    const english = fc.array(words, { minLength: 1, maxLength: 3 }).map((all) => all.join(' '))
    fc.assert(
      fc.property(fc.array(fc.oneof(hanzi, english), { minLength: 3, maxLength: 18 }), (names) => {
        const labels = placeLabels(
          names.map((name) => ({ name, valueWidth })),
          FIELD,
        )
        expect(faults(labels)).toEqual([])
        expect(labels.map(({ lines }) => lines.join('').replaceAll(' ', ''))).toEqual(
          names.map((name) => name.replaceAll(' ', '')),
        )
      }),
      { numRuns: 300 },
    )
  })
  test('what is far too long is shortened, and still nothing lies over another', () => {
    const labels = placeLabels(
      Array.from({ length: 18 }, () => ({ name: '名'.repeat(40), valueWidth })),
      FIELD,
    )
    expect(faults(labels)).toEqual([])
    expect(labels[0]!.lines.at(-1)).toMatch(/…$/)
  })
})
