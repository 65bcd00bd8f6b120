/** Text with a little emphasis, as data: each channel turns it into its own form, so nothing is ever escaped by hand. */
export type Span = {
  readonly text: string
  readonly style?: 'bold' | 'italic' | 'quote'
  /** Formatting that a person gave their own words; several may hold at once. */
  readonly marks?: readonly Mark[]
}
/** In Telegram's terms: https://core.telegram.org/bots/api#messageentity. */
export type Mark =
  | {
      readonly type:
        | 'bold'
        | 'italic'
        | 'underline'
        | 'strikethrough'
        | 'spoiler'
        | 'blockquote'
        | 'expandable_blockquote'
        | 'code'
    }
  | { readonly type: 'pre'; readonly language?: string }
  | { readonly type: 'text_link'; readonly url: string }
export type Rich = readonly Span[]

export const bold = (text: string): Span => ({ text, style: 'bold' })
export const italic = (text: string): Span => ({ text, style: 'italic' })

/** Joins lines; each is a string, a span or a run of both. Empty strings make blank lines, undefined is left out. */
export function lines(...parts: readonly (string | Span | readonly (string | Span)[] | undefined)[]): Rich {
  const spans: Span[] = []
  for (const part of parts) {
    if (part === undefined) continue
    if (spans.length > 0) spans.push({ text: '\n' })
    for (const one of typeof part === 'string' || 'text' in part ? [part] : part)
      spans.push(typeof one === 'string' ? { text: one } : one)
  }
  return spans.filter(({ text }) => text !== '')
}

/** The text alone. */
export const plain = (rich: Rich): string => rich.map(({ text }) => text).join('')
