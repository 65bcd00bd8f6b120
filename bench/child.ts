/** A process of the bench: started, heard and ended. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { endWithUs } from '../test/support/end-with-us.js'

export const ROOT = fileURLToPath(new URL('..', import.meta.url))

export type Child = {
  readonly name: string
  readonly pid: number
  /** The next line of its standard output; rejects where the process ends first. */
  line(): Promise<string>
  /** Writes a line to its standard input. */
  say(line: string): void
  /** Everything of its standard error so far, the last part of it. */
  log(): string
  alive(): boolean
  /** Ends it by SIGTERM and resolves with its exit code; null where it ended by the signal. */
  stop(): Promise<number | null>
}

/** Starts `node` with just the variables given, beside what a process needs to run at all. */
export function startNode(name: string, args: readonly string[], env: Record<string, string> = {}): Child {
  const { PATH = '', HOME = '', TMPDIR } = process.env
  return watch(
    name,
    spawn(process.execPath, args, {
      cwd: ROOT,
      env: { PATH, HOME, ...(TMPDIR ? { TMPDIR } : {}), ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    }),
  )
}

/** A TypeScript file of bench/ as a process. */
export const startScript = (
  file: string,
  env: Record<string, string> = {},
  nodeOptions: readonly string[] = [],
): Child => startNode(file, [...nodeOptions, '--import', 'tsx', `bench/${file}`], env)

const LOG_KEPT = 4_000

function watch(name: string, child: ChildProcess): Child {
  let log = ''
  child.stderr!.on('data', (data) => {
    log = (log + data).slice(-LOG_KEPT)
  })
  const exited = once(child, 'exit')
  endWithUs(child)
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]()
  const alive = () => child.exitCode === null && child.signalCode === null
  return {
    name,
    pid: child.pid!,
    async line() {
      const { value, done } = await lines.next()
      if (!done) return value
      throw new Error(`Expected ${name} to run, got its end\n${log}`)
    },
    say: (line) => void child.stdin!.write(`${line}\n`),
    log: () => log,
    alive,
    async stop() {
      if (alive()) {
        child.kill('SIGTERM')
        await exited
      }
      return child.exitCode
    },
  }
}
