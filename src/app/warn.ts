/** Says in the log that something failed and is tried again or left, by its kind alone: nothing about anybody. */
import type { Desk } from './desk.js'

export const warn =
  ({ log }: Pick<Desk, 'log'>, message: string) =>
  (fault: unknown): void =>
    log.warn({ fault: fault instanceof Error ? fault.message : 'unknown' }, message)
