/** The terminal's form of a card: text with a little emphasis, and a letter for each button. Pure. */
import type { Mark, Rich, Span } from '../app/rich.js'

type ConsoleCard = {
  readonly text: Rich
  readonly rows: readonly (readonly { readonly label: string; readonly data: string }[])[]
  readonly media?: { readonly name?: string }
}

type ConsoleReply = { readonly before?: readonly ConsoleCard[]; readonly picture?: { readonly alt: string } }

const LETTERS = 'abcdefghijklmnopqrstuvwxyz'
const STYLES = { bold: '\u001B[1m', italic: '\u001B[2m', quote: '\u001B[36m' } as const
/** A spoiler is shown as it is: a terminal cannot reveal it. */
const MARKS: Readonly<Partial<Record<Mark['type'], string>>> = {
  bold: STYLES.bold,
  italic: '\u001B[3m',
  underline: '\u001B[4m',
  strikethrough: '\u001B[9m',
  blockquote: STYLES.quote,
  expandable_blockquote: STYLES.quote,
  code: STYLES.quote,
  pre: STYLES.quote,
}
const RESET = '\u001B[0m'

/** The card as lines; buttons of one row stand on one line: `a 完全符合   b 基本符合`. */
export function consoleText({ text, rows }: ConsoleCard, colours: boolean): string {
  let next = 0
  const buttons = rows.map((row) => row.map(({ label }) => `[${LETTERS[next++] ?? '?'}] ${label}`).join('   '))
  return `${richText(text, colours)}\n\n${buttons.join('\n')}`
}

const richText = (text: Rich, colours: boolean): string =>
  text.map((span, index) => spanText(span, colours) + linkText(span, text[index + 1])).join('')

function spanText({ text, style, marks = [] }: Span, colours: boolean): string {
  const codes = [style ? STYLES[style] : '', ...marks.map(({ type }) => MARKS[type] ?? '')].join('')
  return colours && codes !== '' ? codes + text + RESET : text
}

/** Where a link leads, behind its last words. */
function linkText({ marks = [] }: Span, next: Span | undefined): string {
  const [url] = marks.flatMap((mark) => (mark.type === 'text_link' ? [mark.url] : []))
  const goesOn = next?.marks?.some((mark) => mark.type === 'text_link' && mark.url === url)
  return url === undefined || goesOn ? '' : ` (${url})`
}

/** What is said before the card, as paragraphs; a message of its own has no letters, since they belong to the card. */
export function consoleBefore({ before = [], picture }: ConsoleReply, colours: boolean): string[] {
  const cards = before.map(({ text, media }) => `${mediaText(media)}${richText(text, colours)}`)
  return picture ? [...cards, picture.alt] : cards
}

/** A photo or a file is only named here. */
const mediaText = (media: ConsoleCard['media']): string =>
  media ? `${['📎', media.name].filter(Boolean).join(' ')}\n` : ''

/** The button that a letter stands for; undefined for anything else, which is then a text. */
export function pressedButton({ rows }: ConsoleCard, typed: string): string | undefined {
  const at = typed.length === 1 ? LETTERS.indexOf(typed.toLowerCase()) : -1
  return at < 0 ? undefined : rows.flat()[at]?.data
}
