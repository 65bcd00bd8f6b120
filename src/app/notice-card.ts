/** A notice as its readers see it: in their language, with the button that is its receipt. */
import { encodeAction } from '../core/action.js'
import { richOf } from './formatted.js'
import { momentText } from './moments.js'
import type { Notice } from './notices.js'
import { bold, type Rich, type Span } from './rich.js'
import type { Button, Card } from './speech.js'
import type { Say } from './words.js'

/** The version in a language, else in the default one, else whichever is there; empty where none is. */
export function versionFor({ versions }: Notice, language: string, fallback: string): Notice['versions'][string] {
  return versions[language] ?? versions[fallback] ?? Object.values(versions)[0] ?? { text: '', entities: [] }
}

/** `wave` above 1: a reminder, which says so. `acknowledged`: when they pressed the button; null: not yet. */
export function noticeCard(
  say: Say,
  notice: Notice,
  language: string,
  fallback: string,
  { wave, acknowledged }: { readonly wave: number; readonly acknowledged: Date | null },
): Card {
  const text = richOf(versionFor(notice, language, fallback))
  return {
    text: wave > 1 ? [bold(say('notices.reminder')), { text: '\n\n' }, ...text] : text,
    rows: receiptRows(say, notice, language, acknowledged),
    ...(notice.media ? { media: notice.media } : {}),
  }
}

/** 已阅, and once it was pressed when. It stays a button: whoever presses again hears that it is noted. */
export function receiptRows(say: Say, notice: Notice, language: string, acknowledged: Date | null): Button[][] {
  const label = acknowledged
    ? say('notices.acknowledged', { when: momentText(acknowledged.getTime(), notice.timeZone, language) })
    : say('notices.acknowledge')
  return [[{ label, data: encodeAction({ do: 'acknowledge', notice: notice.id }) }]]
}

/** What stands where a notice was taken back and the channel could not delete it. */
export function withdrawnCard(say: Say, notice: Notice, language: string, fallback: string): Card {
  const struck: Rich = richOf(versionFor(notice, language, fallback)).map(
    (span): Span => ({ ...span, marks: [...(span.marks ?? []), { type: 'strikethrough' }] }),
  )
  return {
    text: [bold(say('notices.withdrawn')), { text: '\n\n' }, ...struck],
    rows: [],
    ...(notice.media ? { media: notice.media } : {}),
  }
}
