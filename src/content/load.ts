/**
 * Reads rubric/, prompts/ and locales/ once at start and reports every fault with file and key.
 * Every version that lies there is loaded; `rubric/current` names the one that new sheets are started with.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { load } from 'js-yaml'
import { type Book, bindBook } from './book.js'

export class ContentFault extends Error {
  readonly faults: readonly string[]
  constructor(faults: readonly string[]) {
    super(`Expected sound content, found ${faults.length} fault(s):\n${faults.map((one) => `- ${one}`).join('\n')}`)
    this.name = 'ContentFault'
    this.faults = faults
  }
}

export type Library = { readonly current: Book; readonly books: ReadonlyMap<string, Book> }

/** Loads every rubric below a root folder with its words in the given languages. Throws `ContentFault`. */
export function loadLibrary(root: string, languages: readonly string[]): Library {
  const faults: string[] = []
  const books = new Map<string, Book>()
  const byName = new Map<string, Book>()
  for (const file of readdirSync(join(root, 'rubric'))
    .filter((name) => name.includes('@'))
    .sort()) {
    const name = file.replace(/\.yaml$/, '')
    const read = readBook(root, name, languages)
    if ('faults' in read) faults.push(...read.faults)
    else {
      books.set(read.book.hash, read.book)
      byName.set(name, read.book)
    }
  }
  const wanted = readFileSync(join(root, 'rubric', 'current'), 'utf8').trim()
  const current = byName.get(wanted)
  if (!current && faults.length === 0)
    faults.push(`rubric/current: Expected the name of a rubric file, got \`${wanted}\``)
  if (faults.length > 0 || !current) throw new ContentFault(faults)
  return { current, books }
}

/** Reads one rubric, named `id@version`, with its words. */
export function readBook(
  root: string,
  name: string,
  languages: readonly string[],
): { book: Book } | { faults: string[] } {
  const faults: string[] = []
  const read = (file: string): unknown => {
    try {
      return load(readFileSync(join(root, file), 'utf8'))
    } catch (error) {
      faults.push(`${file}: ${(error as Error).message}`)
      return undefined
    }
  }
  const rubricFile = `rubric/${name}.yaml`
  const rubric = read(rubricFile)
  const prompts = Object.fromEntries(languages.map((language) => [language, read(promptsFile(language, name))]))
  if (faults.length > 0) return { faults }
  const bound = bindBook({ rubric, prompts })
  if (bound.ok) return { book: bound.book }
  return {
    faults: bound.faults.map(({ where, path, message }) => {
      const file = where === 'rubric' ? rubricFile : promptsFile(where.slice('prompts/'.length), name)
      return `${file}: ${path.join('.')}: ${message}`
    }),
  }
}

const promptsFile = (language: string, name: string): string => `prompts/${language}/${name}.yaml`
