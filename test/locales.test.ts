/** Faults of the bot's own words: all of them at once, each with its file and key. */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { ContentFault } from '../src/content/load.js'
import { loadLocales } from '../src/content/locales.js'

function faultsOf(zh: string, en: string): readonly string[] {
  const root = mkdtempSync(join(tmpdir(), 'locales-'))
  mkdirSync(join(root, 'locales'))
  writeFileSync(join(root, 'locales', 'zh-CN.yaml'), zh)
  writeFileSync(join(root, 'locales', 'en.yaml'), en)
  try {
    loadLocales(root, 'zh-CN')
    return []
  } catch (fault) {
    if (fault instanceof ContentFault) return fault.faults
    throw fault
  }
}

it('takes words that are there in every language with the same variables', () => {
  expect(faultsOf('home:\n  title: 你好 {{name}}\n', 'home:\n  title: Hello {{name}}\n')).toEqual([])
})

it('names what is missing, and variables that differ', () => {
  expect(faultsOf('a: 你好 {{name}}\nb: 再见\n', 'a: Hello\nc: Bye\n')).toEqual([
    'locales/en.yaml: a: Expected the variables {{name}}, got none',
    'locales/en.yaml: b: Expected words, got none',
    'locales/zh-CN.yaml: c: Expected words, got none',
  ])
})

it.each([
  ['home:\n  title:\n', 'home.title: Expected words, got null'],
  ['home: 5\n', 'home: Expected words, got 5'],
  ['home: [你好]\n', 'home: Expected words, got ["你好"]'],
  ['---\n', 'file: Expected words, got null'],
  ['你好\n', 'file: Expected words, got "你好"'],
  ['home: a: b\n', 'bad indentation of a mapping entry (1:8)'],
])('refuses what holds no words: %j', (text, fault) => {
  expect(faultsOf(text, 'home: Hello\n')[0]).toContain(`locales/zh-CN.yaml: ${fault}`)
})
