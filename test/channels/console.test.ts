/** What the terminal shows of an answer. */
import { expect, it } from 'vitest'
import { consoleBefore, consoleText, pressedButton } from '../../src/channels/console.js'

const card = {
  text: [{ text: '第 1 题', style: 'bold' as const }, { text: '\n有网格员。' }],
  rows: [
    [
      { label: '是', data: 'a:1' },
      { label: '否', data: 'a:2' },
    ],
    [{ label: '跳过', data: 's:1' }],
  ],
}

it('gives each button of the card a letter, and reads it back', () => {
  expect(consoleText(card, false)).toBe('第 1 题\n有网格员。\n\n[a] 是   [b] 否\n[c] 跳过')
  expect(['b', 'C', 'd', 'ab', ''].map((typed) => pressedButton(card, typed))).toEqual([
    'a:2',
    's:1',
    undefined,
    undefined,
    undefined,
  ])
})

it('says what stands before the card in order, a picture in words, and gives no letters there', () => {
  const before = [
    { ...card, text: [{ text: '欢迎', style: 'bold' as const }] },
    { text: [{ text: '有一题退回' }], rows: [] },
  ]
  expect(consoleBefore({ before, picture: { alt: '雷达图：组织建设 80%。' } }, false)).toEqual([
    '欢迎',
    '有一题退回',
    '雷达图：组织建设 80%。',
  ])
  expect(consoleBefore({ before: before.slice(0, 1) }, true)).toEqual(['\u001B[1m欢迎\u001B[0m'])
  expect(consoleBefore({}, true)).toEqual([])
})
