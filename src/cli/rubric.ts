#!/usr/bin/env node
/** Entry of `npm run rubric`: checks, shows, exports, imports and compares scoring tables. */
import { fileURLToPath } from 'node:url'
import { run } from './run.js'

// Two levels up both from src/cli and from dist/cli.
const root = fileURLToPath(new URL('../..', import.meta.url))

// A reader such as `head` may stop early; that is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})

process.exitCode = await run(process.argv.slice(2), {
  root,
  out: (line) => process.stdout.write(`${line}\n`),
  err: (line) => process.stderr.write(`${line}\n`),
})
