/** A process of the bench: started, watched and measured from outside, so that measuring costs it nothing. Needs Linux's /proc. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export const ROOT = fileURLToPath(new URL('..', import.meta.url))

export type Child = {
  readonly name: string
  /** The next line of its standard output; rejects where the process ends first. */
  line(): Promise<string>
  /** Writes a line to its standard input. */
  say(line: string): void
  /** Everything of its standard error so far, the last part of it. */
  log(): string
  alive(): boolean
  /** CPU time so far, user and system, in milliseconds (steps of 10). */
  cpuMs(): number
  /** Peak of its resident memory in MB. */
  peakMb(): number
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
export const startScript = (file: string, env: Record<string, string> = {}): Child =>
  startNode(file, ['--import', 'tsx', `bench/${file}`], env)

const LOG_KEPT = 4_000
/** What /proc counts in, on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100

function watch(name: string, child: ChildProcess): Child {
  let log = ''
  child.stderr!.on('data', (data) => {
    log = (log + data).slice(-LOG_KEPT)
  })
  const exited = once(child, 'exit')
  // However the bench ends, its processes do not outlive it.
  process.once('exit', () => child.kill('SIGKILL'))
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]()
  const alive = () => child.exitCode === null && child.signalCode === null
  return {
    name,
    async line() {
      const { value, done } = await lines.next()
      if (!done) return value
      throw new Error(`Expected ${name} to run, got its end\n${log}`)
    },
    say: (line) => void child.stdin!.write(`${line}\n`),
    log: () => log,
    alive,
    cpuMs() {
      // The name in parentheses may hold blanks; user and system time are the 12th and 13th fields after it.
      const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ')
      return ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS_PER_SECOND
    },
    peakMb() {
      const kilobytes = /^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]
      return Number(kilobytes) / 1024
    },
    async stop() {
      if (alive()) {
        child.kill('SIGTERM')
        await exited
      }
      return child.exitCode
    },
  }
}
