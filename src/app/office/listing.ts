/** A longer list, some of it on one card: which part an argument means, and the words and buttons around it. */
import type { Page, Slice } from '../district.js'
import type { Button } from '../speech.js'
import { numberArg, pager, type Visit } from './visit.js'

/** Rows of buttons that a phone shows without much scrolling. */
export const LISTED_AT_ONCE = 8

export type Listed<T> = Page<T> & {
  /** Which part it is, from 0. */
  readonly at: number
  /** `第 2/5 页`; undefined where all is on one card. */
  readonly line: string | undefined
  readonly turning: Button[][]
}

/** Rows of a list of people, each with a line of text that is short. */
export const PEOPLE_AT_ONCE = 20

/** The part that the argument at a place names; the last one where the list has become shorter. */
export async function listed<T>(
  visit: Visit,
  page: string,
  { argument, before = [], size = LISTED_AT_ONCE }: { argument: number; before?: readonly string[]; size?: number },
  load: (slice: Slice) => Promise<Page<T>>,
): Promise<Listed<T>> {
  const slice = (at: number): Slice => ({ offset: at * size, limit: size })
  const wanted = numberArg(visit, argument)
  const first = await load(slice(wanted))
  const pages = Math.max(1, Math.ceil(first.count / size))
  const at = Math.min(wanted, pages - 1)
  const { items, count } = at === wanted ? first : await load(slice(at))
  const args = (one: number) => [...before, String(one)]
  return {
    items,
    count,
    at,
    line: pages > 1 ? visit.say('manage.page', { page: at + 1, pages }) : undefined,
    turning: pager(visit, page, { at, size, count, args }),
  }
}

/** A port's list for what is already in memory. */
export const sliced =
  <T>(all: readonly T[]) =>
  async ({ offset, limit }: Slice): Promise<Page<T>> => ({
    items: all.slice(offset, offset + limit),
    count: all.length,
  })
