/** The rubric files of a project folder: which there are, what they hold, which one is in force. */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { basename, dirname, extname, join, relative } from 'node:path'
import { load } from 'js-yaml'
import { type Book, bindBook } from '../content/book.js'
import { explain } from '../rubric-sheet/explain.js'
import type { Words } from '../rubric-sheet/faults.js'
import { FileFault } from './file-fault.js'

/** One fault of a file: where (key path) and what. */
export type FileLine = { readonly file: string; readonly key: string; readonly words: Words }
export type ReadFiles = { readonly book: Book } | { readonly faults: readonly FileLine[] }

const NAME = /^[a-z][a-z0-9-]{2,39}@\d{1,4}\.\d{1,4}\.\d{1,4}$/

/** The names `id@version` of all rubrics, sorted. */
export function rubricNames(root: string): string[] {
  const folder = join(root, 'rubric')
  if (!existsSync(folder)) throw new FileFault(`找不到文件夹 ${folder}`, `no such folder: ${folder}`)
  return readdirSync(folder)
    .filter((file) => file.includes('@') && file.endsWith('.yaml'))
    .map((file) => basename(file, '.yaml'))
    .sort()
}

/** What rubric/current says; empty where there is none. */
export function currentName(root: string): string {
  const file = join(root, 'rubric', 'current')
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : ''
}

/** Refuses what is no name of a rubric here, and says which there are. */
export function knownName(root: string, name: string): string {
  const names = rubricNames(root)
  const wanted = name.replace(/\.yaml$/, '')
  if (NAME.test(wanted) && names.includes(wanted)) return wanted
  throw new FileFault(
    `没有名为 ${name} 的评分表;现有:${names.join('、') || '(无)'}`,
    `no rubric named ${name}; there are: ${names.join(', ') || '(none)'}`,
  )
}

/** Languages that have a folder below prompts/. */
export function languagesOf(root: string): string[] {
  const folder = join(root, 'prompts')
  if (!existsSync(folder)) return []
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort()
}

export const rubricFile = (root: string, name: string): string => join(root, 'rubric', `${name}.yaml`)
export const promptsFile = (root: string, language: string, name: string): string =>
  join(root, 'prompts', language, `${name}.yaml`)

/** Reads a rubric with its words and checks them; every fault of all files at once. */
export function readFiles(root: string, name: string, languages: readonly string[]): ReadFiles {
  const faults: FileLine[] = []
  const file = rubricFile(root, name)
  const rubric = readYaml(root, file, faults)
  const prompts = Object.fromEntries(
    languages.map((language) => [language, readYaml(root, promptsFile(root, language, name), faults)]),
  )
  if (faults.length > 0) return { faults }
  const bound = bindBook({ rubric, prompts })
  if (!bound.ok)
    return {
      faults: bound.faults.map(({ where, path, message }) => ({
        file: relative(root, where === 'rubric' ? file : promptsFile(root, where.slice('prompts/'.length), name)),
        key: path.join('.'),
        words: explain(message),
      })),
    }
  const own = `${bound.book.rubric.id}@${bound.book.rubric.version}`
  if (own === name) return { book: bound.book }
  const words = { zh: `文件名应为 ${own}.yaml`, en: `expected the file to be named ${own}.yaml` }
  return { faults: [{ file: relative(root, file), key: 'id', words }] }
}

/** The root, name and languages of a rubric file that lies in a folder like `…/rubric/<id>@<version>.yaml`. */
export function placeOfFile(file: string): { root: string; name: string } {
  if (!existsSync(file)) throw new FileFault(`找不到文件 ${file}`, `no such file: ${file}`)
  return { root: dirname(dirname(file)), name: basename(file, extname(file)) }
}

/** Writes a file whole or not at all. */
export function writeWhole(file: string, data: string | Uint8Array): void {
  mkdirSync(dirname(file), { recursive: true })
  const draft = `${file}.${process.pid}.tmp`
  writeFileSync(draft, data)
  renameSync(draft, file)
}

/** Puts a rubric in force for new sheets. */
export function useName(root: string, name: string): void {
  writeWhole(join(root, 'rubric', 'current'), `${name}\n`)
}

function readYaml(root: string, file: string, faults: FileLine[]): unknown {
  try {
    return load(readFileSync(file, 'utf8'))
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT'
    const reason = (error as Error).message.split('\n')[0]!
    // What the library takes for this is most often a text that is not quoted; its indentation is right.
    const unquoted = reason.startsWith('bad indentation of a mapping entry')
    faults.push({
      file: relative(root, file),
      key: '',
      words: missing
        ? { zh: '缺少这个文件', en: 'this file is missing' }
        : {
            zh: `不是有效的 YAML:${reason}${unquoted ? ';含有“: ”或以 %、@、` 开头的文字要加引号' : ''}`,
            en: `no valid YAML: ${reason}${unquoted ? '; a text with ": " in it, or that begins with %, @ or `, needs quotes' : ''}`,
          },
    })
    return undefined
  }
}
