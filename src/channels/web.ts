/**
 * The web chat as a channel: the page's inputs → `Inbound`, and a `Speech` → the JSON of the response. Pure; cookies,
 * limits and files are the business of http/. A card's id here is a counter as a decimal string: it grows with everything
 * that is said, so that what was typed below an older card (a second tab) is known to be late.
 */
import { z } from 'zod'
import type { Rich } from '../app/rich.js'
import type { Button, Card, Inbound, Media, Speak } from '../app/speech.js'
import { type Action, decodeAction } from '../core/action.js'
import type { Evidence } from '../core/answer.js'

/**
 * What a button is to the person who looks: `option` answers the question, `main` leads on, `item` stands in a list,
 * `danger` throws something away, `way` is all the rest.
 */
export type Role = 'option' | 'main' | 'item' | 'danger' | 'way'
type WebRows = readonly (readonly { readonly label: string; readonly data: string; readonly role: Role }[])[]
export type WebCard = {
  readonly text: Rich
  readonly rows: WebRows
  /** `url`: where a kept upload is read; null where only Telegram has the content. */
  readonly media?: { readonly kind: Media['kind']; readonly name?: string; readonly url: string | null }
}

/** For example `{"card":{"id":"12","text":[{"text":"第 3/92 题","style":"bold"}],"rows":[[{"label":"是","data":"a:…","role":"option"}]]}}`. */
export type WebReply = {
  /** What is said before the card, in this order: messages of their own, a picture, a file. */
  readonly before?: readonly WebCard[]
  /** A PNG in base64, and what it shows in words. */
  readonly picture?: { readonly name: string; readonly base64: string; readonly alt: string }
  readonly card: WebCard & { readonly id: string }
  readonly toast?: string
  /** In base64: it is small, goes only to who asked for it, and nothing has to be kept for a second request. */
  readonly file?: { readonly name: string; readonly mime: string; readonly base64: string }
}

/** The answer to a press that changes only the message that it stood under: every button with this data gets these rows. */
export type WebReceipt = {
  readonly toast: string
  /** Null: the message keeps its buttons. */
  readonly receipt: { readonly data: string; readonly rows: WebRows | null }
}

/** Far above every limit of the core, which refuses what is too long with a sentence. */
const LONGEST_TEXT = 5_000
/** Five decimals of a degree are about one metre. */
const DEGREE_DECIMALS = 5
const LONGEST_NAME = 100
/** As on Telegram, whose links to a bot carry no more. */
const LONGEST_ARGUMENT = 64

/** Chosen by the page, always growing, for example the milliseconds × 1,000 and a counter: `1795363200123000`. */
const id = z.string().regex(/^\d{1,16}$/)
const card = z
  .string()
  .regex(/^\d{1,15}$/)
  .nullish()
const typed = z.string().transform((text) => text.slice(0, LONGEST_TEXT))

const input = z.discriminatedUnion('kind', [
  z.strictObject({ id, kind: z.literal('press'), data: z.string().min(1).max(64), card }),
  z.strictObject({ id, kind: z.literal('text'), text: typed, card }),
  z.strictObject({
    id,
    kind: z.literal('command'),
    data: z.string().regex(/^[a-z_]{1,32}$/),
    /** The code of an invitation, behind `start`. */
    argument: z
      .string()
      .regex(/^[A-Za-z0-9_-]{0,64}$/)
      .optional(),
    card,
  }),
  z.strictObject({
    id,
    kind: z.literal('location'),
    latitude: z.number().min(-90).max(90),
    longitude: z.number().min(-180).max(180),
    card,
  }),
  z.strictObject({ id, kind: z.literal('look'), card }),
])
const upload = z.object({ id, card, name: z.string().max(1_000).optional() })

export type WebInput = z.infer<typeof input>
export type WebUpload = z.infer<typeof upload>
/** Who speaks: the key of their cookie, and whether it is one of the open links. */
export type Speaker = { readonly key: string; readonly guest: boolean }

/** Reads the body of an input; undefined for anything that the page does not send. */
export const readInput = (body: unknown): WebInput | undefined => input.safeParse(body).data
/** Reads what stands in the address of an upload. */
export const readUpload = (query: unknown): WebUpload | undefined => upload.safeParse(query).data

export function inboundOf(input: WebInput, speaker: Speaker): Inbound {
  const content = contentOf(input)
  const place = { id: input.id, card: input.card }
  // Looking changes nothing, so what another tab sent before it must not become late by it.
  return content.kind === 'look' ? { ...inbound(place, speaker, content), order: 0 } : inbound(place, speaker, content)
}

/** An upload as evidence; without a reference the file was not kept, and is only answered by a sentence. */
export function inboundOfFile(
  { id, card, name }: WebUpload,
  file: { ref: string; mime: string; size: number } | undefined,
  speaker: Speaker,
): Inbound {
  if (!file) return inbound({ id, card }, speaker, { kind: 'unsupported' })
  const shown = nameOf(name)
  const kind = file.mime.startsWith('image/') ? 'photo' : 'file'
  const evidence: Evidence = { kind, ...file, ...(shown === '' ? {} : { name: shown }) }
  return inbound({ id, card }, speaker, { kind: 'media', evidence, caption: null })
}

/** Collects what is said. `looking`: the card stays the same one, so that a second tab that looks makes nothing late. */
export function webSpeak(collect: (reply: WebReply) => void, looking = false): Speak {
  return async ({ before = [], card, picture, file, toast }, last) => {
    const id = looking && last !== null ? last : String(Number(last ?? '0') + 1)
    collect({
      ...(before.length > 0 ? { before: before.map(webCard) } : {}),
      ...(picture ? { picture: { name: picture.name, base64: base64(picture.bytes), alt: picture.alt } } : {}),
      card: { id, ...webCard(card) },
      ...(toast === null ? {} : { toast }),
      ...(file ? { file: { name: file.name, mime: file.mime, base64: base64(file.bytes) } } : {}),
    })
    return { card: id, shown: true }
  }
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')

function inbound(
  { id, card }: { id: string; card?: string | null | undefined },
  { key, guest }: Speaker,
  content: Inbound['content'],
): Inbound {
  const position = card ? Number(card) : null
  return { id, address: `web:${key}`, order: Number(id), position, guest, content }
}

function contentOf(input: WebInput): Inbound['content'] {
  switch (input.kind) {
    case 'press':
      return { kind: 'press', data: input.data, card: input.card ?? '0' }
    case 'text': {
      const [, name, rest = ''] = /^\/([A-Za-z_]{1,32})(?=\s|$)(.*)/.exec(input.text.trim()) ?? []
      return name === undefined
        ? { kind: 'text', text: input.text }
        : { kind: 'command', name: name.toLowerCase(), argument: cut(rest.trim(), LONGEST_ARGUMENT) }
    }
    case 'command':
      return { kind: 'command', name: input.data, argument: input.argument ?? '' }
    case 'location': {
      const ref = [input.latitude, input.longitude].map((degrees) => degrees.toFixed(DEGREE_DECIMALS)).join(',')
      return { kind: 'media', evidence: { kind: 'location', ref }, caption: null }
    }
    case 'look':
      return { kind: 'look' }
  }
}

/** A name to be shown, never a path: its last part, without what would turn the writing round or break the line. */
function nameOf(name = ''): string {
  const last = name.split(/[\\/]/).at(-1) ?? ''
  return cut(last.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '').trim(), LONGEST_NAME)
}

/** By whole characters, since half of one cannot be stored. */
const cut = (text: string, most: number): string => [...text].slice(0, most).join('')

const webCard = ({ text, rows, media }: Card): WebCard => ({
  text,
  rows: webRows(rows),
  ...(media ? { media: webMedia(media) } : {}),
})

const webRows = (rows: Card['rows']): WebRows =>
  rows.map((row) => row.map(({ label, data }) => ({ label, data, role: roleOf(decodeAction(data), label) })))

/** Where a stored upload is read, for example `/chat/file/3fb1…`. */
export const FILE_PATH = '/chat/file/'
const KEPT = /^file:([0-9a-f]{64})$/
/** The reference in the last part of that path; undefined for anything else. */
export const fileRef = (part: string): string | undefined => (KEPT.test(`file:${part}`) ? `file:${part}` : undefined)

function webMedia({ kind, ref, name }: Media): NonNullable<WebCard['media']> {
  const [, hash] = KEPT.exec(ref) ?? []
  return { kind, ...(name === undefined ? {} : { name }), url: hash === undefined ? null : `${FILE_PATH}${hash}` }
}

/** `data`: of the button that was pressed. */
export function webReceipt(toast: string, data: string, rows: readonly (readonly Button[])[] | null): WebReceipt {
  return { toast, receipt: { data, rows: rows === null ? null : webRows(rows) } }
}

function roleOf(action: Action | undefined, label: string): Role {
  switch (action?.do) {
    case 'answer':
    case 'answer_typed':
    case 'use_condition':
    case 'language':
      return 'option'
    case 'acknowledge':
      // Once it was pressed, it shows what was chosen.
      return label.startsWith('✓') ? 'option' : 'main'
    case 'begin':
    case 'resume':
    case 'next_open':
    case 'submit':
    case 'submit_confirmed':
      return 'main'
    case 'mine':
    case 'section':
      return 'item'
    case 'open':
      // In the lists a question carries its mark; elsewhere this is the way back to it.
      return /^[○✓—] /.test(label) ? 'item' : 'way'
    case 'restart_confirmed':
    case 'erase':
    case 'erase_confirmed':
      return 'danger'
    case 'page':
      return action.name === 'home' || action.name === 'hand' ? 'way' : 'item'
    case 'deed':
      return roleOfDeed(action.name)
    default:
      return 'way'
  }
}

/** What leads on stands out, what takes something from people warns; the rest are entries of a page. */
function roleOfDeed(name: string): Role {
  if (/^(?:leave|reopen|remove|archive|close|revoke)/.test(name)) return 'danger'
  return /^(?:enter|submit|join_accept|publish)/.test(name) ? 'main' : 'item'
}
