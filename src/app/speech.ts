/** What goes to a person and comes from one, whatever the channel. Each channel turns its own raw form into these and back. */
import type { Evidence } from '../core/answer.js'
import type { Entity } from './formatted.js'
import type { Address } from './ports.js'
import type { Rich } from './rich.js'

export type Button = { readonly label: string /** Encoded action, at most 64 bytes. */; readonly data: string }
export type Card = {
  readonly text: Rich
  readonly rows: readonly (readonly Button[])[]
  /** Shown above the text; only on messages of their own, never on the living card. */
  readonly media?: Media
  /** A sentence above the text where the channel does not take the media, for whoever must know. */
  readonly unshown?: string
}
/** A photo or a file that somebody sent, by reference as in `Evidence`: `telegram:<file id>` or `file:<sha256>`. */
export type Media = {
  readonly kind: 'photo' | 'file'
  readonly ref: string
  readonly name?: string
  readonly mime?: string
}
/** A PNG, and what it shows in words: for those who do not see it, and under it where a channel has captions. */
export type Picture = { readonly name: string; readonly bytes: Uint8Array; readonly alt: string }
export type File = { readonly name: string; readonly mime: string; readonly bytes: Uint8Array }

/**
 * One answer of the bot: the state of the one living card, and rarely something beside it.
 * A card longer than the channel's limit is a fault of ours; views keep to `LONGEST_CARD`.
 */
export type Speech = {
  /** Messages of their own before the card, such as the welcome or an invitation to pass on. */
  readonly before?: readonly Card[]
  readonly picture?: Picture
  readonly file?: File
  readonly card: Card
  /** The card moves to the bottom of the chat, because something was typed or sent below it. */
  readonly move: boolean
  /** A card beside the living one that is removed once that was shown. */
  readonly gone?: string
  /** The sentence above the card that says what came of the input; absent where the card says enough. */
  readonly told?: string
  /** One short sentence shown as the answer to a press. */
  readonly toast: string | null
  /**
   * While it is true, this answers a press and tells nothing beside where it has led, and another press of this person waits behind it,
   * which will draw the card as it is then. Where drawing is slow or limited it may be left to that one. Absent: never.
   */
  readonly overtaken?: () => boolean
  /**
   * Whatever becomes of what is said, the input it answers need not be brought again: a channel may say that it was taken as soon as the
   * card is on its way.
   */
  readonly done?: boolean
}

/** Telegram's 4096 UTF-16 units for one message, with room for what a channel adds. */
export const LONGEST_CARD = 4000

export type Inbound = {
  /** Identity of this input within its address; the same id is the same input. Plain integers are kept most compactly. */
  readonly id: string
  readonly address: Address
  /** The channel's own counter, to know late inputs. */
  readonly order: number
  /** Place of a message in the chat, comparable with card ids; null where the channel knows none. */
  readonly position: number | null
  /** When a message was sent, by the channel's clock, in seconds since 1970; absent where the channel does not say. */
  readonly sent?: number
  /** Came by an open link, such as the demo's: may practise also where practice is switched off. */
  readonly guest: boolean
  readonly content:
    | { readonly kind: 'press'; readonly data: string /** Card that the button stood on. */; readonly card: string }
    | {
        readonly kind: 'text'
        readonly text: string
        /** Formatting of the text as it was typed; absent: none. */
        readonly entities?: readonly Entity[]
      }
    | {
        readonly kind: 'command'
        readonly name: string /** What stands behind it, as in `/start <code>`. */
        readonly argument: string
      }
    | {
        readonly kind: 'media'
        readonly evidence: Evidence
        readonly caption: string | null
        /** Formatting of the caption. */
        readonly entities?: readonly Entity[]
      }
    | { readonly kind: 'unsupported' }
    /** Just show what stands: a page was opened again. */
    | { readonly kind: 'look' }
}

/** Nobody has done anything: the card is to show what stands. */
export const lookFrom = (address: Address): Inbound => ({
  id: 'look',
  address,
  order: 0,
  position: null,
  guest: false,
  content: { kind: 'look' },
})

/**
 * The living card after speaking, and whether the person can have seen what was said; `at`: since when, by the channel's clock
 * in seconds, where it says so.
 */
export type Spoken = {
  readonly card: string | null
  readonly shown: boolean
  readonly at?: number
  /** Not shown, because it was overtaken: the press behind it will draw. */
  readonly left?: true
}

/**
 * Brings a speech to a person. `card` is the id of the card so far (null: none). Faults of the channel (blocked, gone,
 * network) end inside as `shown: false`; it rejects only on broken promises of our own.
 *
 * `stillOurs` is asked before anything is tried again: it rejects where the person may be served elsewhere by now, and what is said
 * here would be older than what they see.
 */
export type Speak = (speech: Speech, card: string | null, stillOurs: () => Promise<void>) => Promise<Spoken>
