#!/usr/bin/env node
/** Entry of `npm run admin`: invitations, and lists of communities. */
import { fileURLToPath } from 'node:url'
import { runAdmin } from './run-admin.js'

// Two levels up both from src/cli and from dist/cli.
const root = fileURLToPath(new URL('../..', import.meta.url))

// A reader such as `head` may stop early; that is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})

process.exitCode = await runAdmin(process.argv.slice(2), {
  root,
  environment: process.env,
  out: (line) => process.stdout.write(`${line}\n`),
  err: (line) => process.stderr.write(`${line}\n`),
})
