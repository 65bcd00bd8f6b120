/**
 * Starts the real servers that the suites of adapters run against, once for the whole run, and stops them at the end.
 * TEST_DATABASE_URL (a role that may create databases) and TEST_REDIS_URL name servers that are there already.
 */
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { createTemplate } from './databases.js'
import { endWithUs } from './end-with-us.js'
import { freePort, launchPostgres, type Server } from './launch-postgres.js'

declare module 'vitest' {
  export interface ProvidedContext {
    /** Address of the server's own database; tests make theirs with `createDatabase`. */
    pgUrl: string
    /** A migrated, empty database that new ones are copied from. */
    pgTemplate: string
    /** Empty where no Redis is installed: its suites are skipped, and say so. */
    redisUrl: string
  }
}

export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const postgres = await findPostgres()
  const redis = await findRedis()
  const template = await createTemplate(postgres.url)
  provide('pgUrl', postgres.url)
  provide('pgTemplate', template.name)
  provide('redisUrl', redis?.url ?? '')
  return async () => {
    await template.drop()
    await Promise.all([postgres.stop(), redis?.stop()])
  }
}

async function findPostgres(): Promise<Server> {
  const url = process.env.TEST_DATABASE_URL
  return url ? { url, stop: async () => {} } : launchPostgres()
}

async function findRedis(): Promise<Server | undefined> {
  const url = process.env.TEST_REDIS_URL
  if (url) return { url, stop: async () => {} }
  const binary = ['redis-server', 'valkey-server'].find((name) => spawnSync(name, ['--version']).status === 0)
  if (binary) return launchRedis(binary)
  if (process.env.CI) throw new Error('Expected redis-server or TEST_REDIS_URL in CI, got neither')
  return undefined
}

export async function launchRedis(binary: string): Promise<Server> {
  const directory = mkdtempSync(join(tmpdir(), 'hexie-redis-'))
  const port = await freePort()
  const settings = { port, bind: '127.0.0.1', save: '', appendonly: 'no', dir: directory }
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)])
  const server = spawn(binary, args, { stdio: ['ignore', 'pipe', 'ignore'] })
  endWithUs(server)
  await new Promise<void>((resolve, reject) => {
    server.stdout.on('data', (data) => String(data).includes('Ready to accept') && resolve())
    server.once('exit', (code) => reject(new Error(`Expected ${binary} to start, got exit ${code}`)))
  })
  return {
    url: `redis://127.0.0.1:${port}`,
    stop: () =>
      new Promise((resolve) => {
        server.once('exit', () => {
          rmSync(directory, { recursive: true, force: true })
          resolve()
        })
        server.kill('SIGTERM')
      }),
  }
}
