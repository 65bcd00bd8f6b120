/** The bot's own words, read once from locales/ and checked: every key and every variable in every language. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import i18next from 'i18next'
import { load } from 'js-yaml'
import { ContentFault } from './load.js'

/** The languages of the bot; the first one is the standard's own. To add one: files in locales/ and prompts/, its name here. */
export const LANGUAGES = ['zh-CN', 'en'] as const

type Tree = { [key: string]: string | Tree }

/** Loads the words; a language that is not there is answered in the default one. Throws `ContentFault`. */
export function loadLocales(root: string, defaultLanguage: string) {
  const faults: string[] = []
  const trees = Object.fromEntries(LANGUAGES.map((language) => [language, read(root, language, faults)]))
  const [first, ...others] = LANGUAGES
  for (const other of others) faults.push(...compareKeys(first, flat(trees[first]!), other, flat(trees[other]!)))
  if (faults.length > 0) throw new ContentFault(faults)
  const i18n = i18next.createInstance()
  i18n.init({
    lng: defaultLanguage,
    fallbackLng: defaultLanguage,
    initAsync: false,
    resources: Object.fromEntries(LANGUAGES.map((language) => [language, { translation: trees[language]! }])),
    // Each channel escapes in its own way; here the words stay as they are.
    interpolation: { escapeValue: false },
    returnEmptyString: false,
  })
  const sayers = new Map(LANGUAGES.map((language) => [language as string, quick(i18n.getFixedT(language))]))
  return {
    languages: [...LANGUAGES] as readonly string[],
    in: (language: string) => sayers.get(language) ?? sayers.get(defaultLanguage)!,
  }
}

/**
 * i18next finds the words of a key once; after that only variables are filled in. A card says some forty sentences, and
 * finding and parsing them anew for every tap cost 0.2 ms of CPU an answer (bench/README.md).
 */
function quick(translate: (key: string, options: { skipInterpolation: boolean }) => string) {
  const known = new Map<string, readonly string[]>()
  return (key: string, variables: Record<string, string | number> = {}): string => {
    let pieces = known.get(key)
    if (!pieces) {
      pieces = translate(key, { skipInterpolation: true }).split(/\{\{(\w+)\}\}/)
      known.set(key, pieces)
    }
    if (pieces.length === 1) return pieces[0]!
    // Words and names of variables alternate; a variable that is not given stays, for the page to fill in.
    return pieces.map((piece, i) => (i % 2 === 0 ? piece : String(variables[piece] ?? `{{${piece}}}`))).join('')
  }
}

function read(root: string, language: string, faults: string[]): Tree {
  const file = `locales/${language}.yaml`
  try {
    const tree = load(readFileSync(join(root, file), 'utf8'))
    const strange = noWords(tree)
    faults.push(...strange.map((one) => `${file}: ${one}`))
    return strange.length > 0 ? {} : (tree as Tree)
  } catch (error) {
    faults.push(`${file}: ${(error as Error).message}`)
    return {}
  }
}

/** Where there are no words, such as a key with nothing behind it. */
function noWords(value: unknown, key = ''): string[] {
  if (typeof value === 'string' && key !== '') return []
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return [`${key || 'file'}: Expected words, got ${JSON.stringify(value)}`]
  return Object.entries(value).flatMap(([name, inner]) => noWords(inner, key ? `${key}.${name}` : name))
}

function compareKeys(a: string, ofA: Map<string, string>, b: string, ofB: Map<string, string>): string[] {
  const faults: string[] = []
  for (const [key, text] of ofA) {
    const other = ofB.get(key)
    if (other === undefined) faults.push(`locales/${b}.yaml: ${key}: Expected words, got none`)
    else if (variables(other) !== variables(text))
      faults.push(
        `locales/${b}.yaml: ${key}: Expected the variables ${variables(text) || 'none'}, got ${variables(other) || 'none'}`,
      )
  }
  for (const key of ofB.keys()) if (!ofA.has(key)) faults.push(`locales/${a}.yaml: ${key}: Expected words, got none`)
  return faults
}

const variables = (text: string): string => [...new Set(text.match(/\{\{\w+\}\}/g) ?? [])].sort().join(' ')

function flat(tree: Tree, prefix = ''): Map<string, string> {
  return new Map(
    Object.entries(tree).flatMap(([key, value]) =>
      typeof value === 'string' ? [[prefix + key, value] as const] : [...flat(value, `${prefix}${key}.`)],
    ),
  )
}
