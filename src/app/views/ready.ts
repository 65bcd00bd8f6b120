/**
 * Cards that are kept ready: a question that nobody has answered yet looks the same for everybody but for the sheet that its
 * buttons name. Nearly every tap leads to one, and drawing it anew took longer than everything else that a tap decides.
 */
import type { Book } from '../../content/book.js'
import type { Card } from '../speech.js'
import type { Say } from '../words.js'
import type { SheetScene } from './view.js'

/** A card in pieces, to be put together around the id of a sheet. The text is frozen: channels may keep what they make of it. */
type Ready = { readonly text: Card['text']; readonly rows: readonly (readonly Piece[])[] }
type Piece = { readonly label: string; readonly before: string; readonly after: string | null }

/** Each question with a bar of its own in either language is some 200; people who skip about make more. Some KB each. */
const MOST_READY = 2_000
/** Has the form of a sheet's id, and is none. */
const NO_SHEET = 'nosheet'

/** There is one `Say` for each language, so that it stands for that as well. */
const byWords = new WeakMap<Say, WeakMap<Book, Map<number, Ready>>>()

/** The card of a scene that depends on nothing but its question and how far the sheet is; undefined for any other. */
export function readyCard(scene: SheetScene, draw: (scene: SheetScene) => Card): Card | undefined {
  const { sheet, question, say, book } = scene
  if (!isPlain(scene)) return undefined
  const cards = cardsOf(say, book)
  const done = sheet.marks.reduce((count, { state }) => (state === 'open' ? count : count + 1), 0)
  const key = question.index * (sheet.marks.length + 1) + done
  let ready = cards.get(key)
  if (!ready) {
    ready = inPieces(draw({ ...scene, sheet: { ...sheet, id: NO_SHEET } }))
    if (cards.size >= MOST_READY) cards.clear()
    cards.set(key, ready)
  }
  return {
    text: ready.text,
    rows: ready.rows.map((row) =>
      row.map(({ label, before, after }) => ({ label, data: after === null ? before : before + sheet.id + after })),
    ),
  }
}

function isPlain({ session, sheet, question, loaded, notice }: SheetScene): boolean {
  const { state, revision } = sheet.marks[question.index]!
  const untouched = state === 'open' && revision === 0 && !loaded.saved && !loaded.standing
  return untouched && session.view.at === 'question' && notice === null && sheet.status === 'open' && !sheet.mine
}

function cardsOf(say: Say, book: Book): Map<number, Ready> {
  const byBook = byWords.get(say) ?? new WeakMap<Book, Map<number, Ready>>()
  const cards = byBook.get(book) ?? new Map<number, Ready>()
  byWords.set(say, byBook.set(book, cards))
  return cards
}

function inPieces({ text, rows }: Card): Ready {
  return {
    text: Object.freeze(text),
    rows: rows.map((row) =>
      row.map(({ label, data }) => {
        const [before = '', after = null] = data.split(NO_SHEET)
        return { label, before, after }
      }),
    ),
  }
}
