/** The terminal's form of a card: text with a little emphasis, and a letter for each button. Pure. */
import type { Rich } from '../app/rich.js'

type ConsoleCard = {
  readonly text: Rich
  readonly rows: readonly (readonly { readonly label: string; readonly data: string }[])[]
}

type ConsoleReply = { readonly before?: readonly ConsoleCard[]; readonly picture?: { readonly alt: string } }

const LETTERS = 'abcdefghijklmnopqrstuvwxyz'
const STYLES = { bold: '\u001B[1m', italic: '\u001B[2m', quote: '\u001B[36m' } as const
const RESET = '\u001B[0m'

/** The card as lines; buttons of one row stand on one line: `a 完全符合   b 基本符合`. */
export function consoleText({ text, rows }: ConsoleCard, colours: boolean): string {
  let next = 0
  const buttons = rows.map((row) => row.map(({ label }) => `[${LETTERS[next++] ?? '?'}] ${label}`).join('   '))
  return `${richText(text, colours)}\n\n${buttons.join('\n')}`
}

const richText = (text: Rich, colours: boolean): string =>
  text.map(({ text: piece, style }) => (style && colours ? STYLES[style] + piece + RESET : piece)).join('')

/** What is said before the card, as paragraphs; a message of its own has no letters, since they belong to the card. */
export function consoleBefore({ before = [], picture }: ConsoleReply, colours: boolean): string[] {
  const cards = before.map(({ text }) => richText(text, colours))
  return picture ? [...cards, picture.alt] : cards
}

/** The button that a letter stands for; undefined for anything else, which is then a text. */
export function pressedButton({ rows }: ConsoleCard, typed: string): string | undefined {
  const at = typed.length === 1 ? LETTERS.indexOf(typed.toLowerCase()) : -1
  return at < 0 ? undefined : rows.flat()[at]?.data
}
