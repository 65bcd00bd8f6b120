/** The page's script is plain JavaScript; its JSDoc types are checked like all others. */
import { execFileSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { ROOT } from './start.js'

it('has sound types in the script of the page', () => {
  const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc')
  const args = [tsc, '-p', join(ROOT, 'src', 'http', 'page')]
  expect(execFileSync(process.execPath, args, { encoding: 'utf8' })).toBe('')
})
