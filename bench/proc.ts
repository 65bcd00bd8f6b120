/** What the system's books say about a process. Read from outside, so that measuring costs the process nothing. Needs Linux's /proc. */
import { readdirSync, readFileSync } from 'node:fs'

/** What /proc counts in, on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100

/** CPU time so far, user and system, in milliseconds (steps of 10), of a process and of its children. */
export function cpuMsOf(pid: number): number {
  const ticks = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readStat(name) ?? [])
    .filter((one) => one.pid === pid || one.parent === pid)
    .reduce((sum, one) => sum + one.ticks, 0)
  return (ticks * 1000) / TICKS_PER_SECOND
}

/** Peak of its resident memory in MB. */
export function peakMbOf(pid: number): number {
  const kilobytes = /^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return Number(kilobytes) / 1024
}

/** Undefined where the process has ended meanwhile. */
function readStat(name: string): { pid: number; parent: number; ticks: number } | undefined {
  try {
    // The command in parentheses may hold blanks. After it: state, parent, …; from the 12th on user and system time, and
    // those of children that have ended.
    const fields = readFileSync(`/proc/${name}/stat`, 'utf8').split(') ').at(-1)!.split(' ')
    return {
      pid: Number(name),
      parent: Number(fields[1]),
      ticks: fields.slice(11, 15).reduce((sum, one) => sum + Number(one), 0),
    }
  } catch {
    return undefined
  }
}
