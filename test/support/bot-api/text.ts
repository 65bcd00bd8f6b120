// The text of a message or the caption of a file: its parse mode or entities, its blank edges, its length.
import { checkEntities } from './entities.js'
import { parseHtml } from './html.js'
import { parseMarkdown } from './markdown.js'
import { parseMarkdownV2 } from './markdown-v2.js'
import { type Params, readArray, readText } from './params.js'
import { badRequest } from './refusal.js'
import type { Entity, FormattedText } from './types.js'

/** UTF-16 units after entities are parsed. https://core.telegram.org/bots/api#sendmessage */
const MAX_TEXT = 4096
/** The same for captions. https://core.telegram.org/bots/api#senddocument */
const MAX_CAPTION = 1024

export type Report = (parameter: string, note: string) => void

export function readMessageText(params: Params, report: Report): FormattedText {
  const formatted = readFormatted(params, 'text', 'entities', report)
  if (formatted.text.trim() === '') throw badRequest('message text is empty')
  if (formatted.text.length > MAX_TEXT) throw badRequest('message is too long')
  return formatted
}

export function readCaption(params: Params, report: Report): FormattedText {
  const formatted = readFormatted(params, 'caption', 'caption_entities', report)
  if (formatted.text.length > MAX_CAPTION) throw badRequest('message caption is too long')
  return formatted
}

function readFormatted(params: Params, textName: string, entitiesName: string, report: Report): FormattedText {
  const source = readText(params, textName) ?? ''
  const mode = readText(params, 'parse_mode')?.toLowerCase() ?? ''
  const entities = readArray(params, entitiesName, 'entities')
  if (mode !== '' && entities !== undefined) report(entitiesName, 'ignored because parse_mode is given too')
  switch (mode) {
    case '':
      return trim({ text: source, entities: entities === undefined ? [] : checkEntities(entities, source) })
    case 'html':
      return trim(parseHtml(source))
    case 'markdown':
      return trim(parseMarkdown(source))
    case 'markdownv2':
      return trim(parseMarkdownV2(source))
  }
  throw badRequest('unsupported parse_mode')
}

/** Telegram cuts blanks off both ends and moves the entities along. */
function trim({ text, entities }: FormattedText): FormattedText {
  const start = text.length - text.replace(/^[\0\t\n\v\r ]+/, '').length
  const trimmed = text.slice(start).replace(/[\0\t\n\v\r ]+$/, '')
  if (trimmed.length === text.length) return { text, entities }
  return { text: trimmed, entities: entities.flatMap((entity) => clip(entity, start, trimmed.length)) }
}

function clip(entity: Entity, start: number, length: number): readonly Entity[] {
  const from = Math.max(entity.offset - start, 0)
  const to = Math.min(entity.offset + entity.length - start, length)
  return to > from ? [{ ...entity, offset: from, length: to - from }] : []
}
