/** Whether the parts that the program stands on answer in time. */
import { setTimeout as sleep } from 'node:timers/promises'

/** How long a part may take to say that it is there. */
const READY_WITHIN_MS = 2000

/** Asks each part by name. One question to a part is open at a time: a hanging part must not gather those who ask about it. */
export function createReadiness(
  parts: Readonly<Record<string, () => Promise<unknown>>>,
): () => Promise<Readonly<Record<string, boolean>>> {
  const open = new Map<string, Promise<boolean>>()

  function ask(name: string, part: () => Promise<unknown>): Promise<boolean> {
    const asked = open.get(name)
    if (asked) return asked
    const answer = part()
      .then(Boolean, () => false)
      .finally(() => open.delete(name))
    open.set(name, answer)
    return answer
  }

  return async () => {
    const late = sleep(READY_WITHIN_MS, false, { ref: false })
    const asked = Object.entries(parts).map(async ([name, part]) => [name, await Promise.race([ask(name, part), late])])
    return Object.fromEntries(await Promise.all(asked)) as Record<string, boolean>
  }
}
