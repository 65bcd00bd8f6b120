/** Books by content hash: from the files, or, for sheets started with a version whose file is gone, from where books are kept. */
import { type Book, type BookData, bindBook } from './book.js'
import type { Library } from './load.js'

export type Shelf = {
  readonly current: Book
  readonly all: readonly Book[]
  of(hash: string): Promise<Book | undefined>
}

/** `fetch` finds the stored form of a book; it is asked once for each hash. */
export function createShelf(library: Library, fetch: (hash: string) => Promise<unknown>): Shelf {
  const found = new Map<string, Promise<Book | undefined>>()
  return {
    current: library.current,
    all: [...library.books.values()],
    of(hash) {
      const here = library.books.get(hash)
      if (here) return Promise.resolve(here)
      const fetched = found.get(hash) ?? fetch(hash).then(bind)
      found.set(hash, fetched)
      fetched.catch(() => found.delete(hash)) // a fault of the moment must not last
      return fetched
    },
  }
}

/** What is stored of a book. */
export const shelved = ({ rubric, prompts }: Book): BookData => ({ rubric, prompts })

function bind(data: unknown): Book | undefined {
  if (typeof data !== 'object' || data === null) return undefined
  const bound = bindBook(data as BookData)
  return bound.ok ? bound.book : undefined
}
