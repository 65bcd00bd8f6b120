// Generates the Prisma client into src/generated, and only when the schema has changed since.
// `prisma generate` insists on a schema-engine executable that it never runs and that has to be downloaded from a host
// that many networks do not reach. Any executable satisfies it, so node's own path is named, for this one command only:
// with such a stand-in `prisma migrate` would exit 0 having done nothing (see docs/decisions/0003-prisma-without-downloads.md).
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const stamp = `${root}src/generated/prisma/.schema-sha256`
const require = createRequire(import.meta.url)
const version = require('prisma/package.json').version
const wanted = createHash('sha256')
  .update(version)
  .update(readFileSync(`${root}prisma/schema.prisma`))
  .digest('hex')

if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) {
  const cli = require.resolve('prisma/build/index.js')
  const result = spawnSync(process.execPath, [cli, 'generate', '--no-hints'], {
    cwd: root,
    env: { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, CHECKPOINT_DISABLE: '1' },
    encoding: 'utf8',
  })
  if (result.status !== 0) {
    process.stderr.write(`${result.stdout}${result.stderr}`)
    process.exit(result.status ?? 1)
  }
  writeFileSync(stamp, wanted)
}
