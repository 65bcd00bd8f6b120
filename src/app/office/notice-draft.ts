/** The draft of a notice on one card: what it says, to whom, when; and how it is thrown away. */
import { resolveAudience } from '../audience.js'
import { richOf, shortened, trimmed } from '../formatted.js'
import { momentText } from '../moments.js'
import type { Notice } from '../notices.js'
import { bold, lines, type Rich } from '../rich.js'
import { inPairs } from '../views/rows.js'
import { audienceText } from './notice-audience-words.js'
import {
  changeDraft,
  languagesOf,
  longestOf,
  markNow,
  mostOf,
  noticeChange,
  ofDraft,
  takesNothing,
  toDraft,
  toList,
} from './notice-drafts.js'
import { theNotice } from './notice-progress.js'
import { ofPlace, placeOf } from './places.js'
import { type DeedSpec, deedButton, type Outcome, type PageSpec, pageButton, type Sent, type Visit } from './visit.js'

/** UTF-16 units of each version that the card shows. */
const SHOWN = 300
const MB = 1024 * 1024
/** What a bot can send: https://core.telegram.org/bots/api#sending-files. */
const LARGEST_MB = { photo: 10, file: 50 } as const

/** Arguments: the draft, and a mark where an attachment was just taken: the rest of an album stands above this card. */
const noticeDraft: PageSpec = {
  permission: 'notify',
  community: ofDraft,
  show: async (visit) => {
    const { desk, say } = visit
    const draft = await theNotice(visit)
    const { id, number, media } = draft
    const list = toList(visit, draft)
    const place = await placeOf(visit, draft.community)
    const count = (await resolveAudience(desk, draft)).recipients.length
    const audience = await audienceText(visit, draft)
    const field = (name: string, value: string) => say('manage.field', { name: say(`notices.fields.${name}`), value })
    const texts = languagesOf(desk).map((language) =>
      pageButton(say('notices.text_of', { language: say(`language.${language}`) }), 'notice_text', id, language),
    )
    return {
      text: [
        ...lines(bold(say('notices.draft_title', { number, place: place.name }))),
        ...languagesOf(desk).flatMap((language) => versionText(visit, draft, language)),
        { text: '\n\n' },
        ...lines(
          field('attachment', attachmentText(visit, draft)),
          field('audience', say('notices.audience_count', { audience, count })),
          field('when', whenText(visit, draft)),
        ),
      ],
      rows: [
        ...inPairs(texts),
        [
          pageButton(say('notices.change_audience'), 'notice_for', id),
          pageButton(say('notices.change_when'), 'notice_when', id),
        ],
        ...(media ? [[deedButton(say('notices.detach'), 'notice_detach', id)]] : []),
        [deedButton(say('notices.preview'), 'notice_preview', id)],
        [
          pageButton(say('notices.discard'), 'notice_discard', id),
          pageButton(say('button.back'), list.page, ...list.args),
        ],
      ],
    }
  },
  ...takesNothing('notices.refused.on_draft'),
  sent: (visit, what) => attach(visit, what, visit.language, 'keep'),
  late: ({ say, args, inbound }) =>
    say(`notices.refused.${inbound.content.kind === 'text' ? 'on_draft' : args.length > 1 ? 'one_only' : 'late'}`),
}

function versionText({ say }: Visit, { versions }: Notice, language: string): Rich {
  const name = bold(say('notices.version', { language: say(`language.${language}`) }))
  const version = versions[language]
  const text = version ? richOf(shortened(version, SHOWN)) : [{ text: say('notices.no_text') }]
  return [{ text: '\n\n' }, name, { text: '\n' }, ...text]
}

function attachmentText({ say }: Visit, { media }: Notice): string {
  if (!media) return say('notices.no_attachment')
  return media.name ?? say(`notices.attachment.${media.kind}`)
}

/** `确认后马上发送`, or the moment with its day and zone. */
export const whenText = ({ say, language }: Visit, { sendAt, timeZone }: Notice): string =>
  sendAt ? momentText(sendAt.getTime(), timeZone, language) : say('notices.at_once')

/**
 * A photo or file becomes the attachment, and what is written under it the text of a language; `keep`: only where that has
 * none yet.
 */
export async function attach(
  visit: Visit,
  sent: Sent | null,
  language: string,
  text: 'replace' | 'keep',
): Promise<Outcome> {
  const { say } = visit
  const draft = await theNotice(visit)
  if (!sent || sent.evidence.kind === 'location')
    return { notice: say(`notices.refused.${text === 'keep' ? 'no_media' : 'media'}`) }
  const { kind, ref, name, mime, size = 0 } = sent.evidence
  if (size > LARGEST_MB[kind] * MB) return { notice: say(`notices.refused.large_${kind}`, { most: LARGEST_MB[kind] }) }
  const media = { kind, ref, ...(name ? { name } : {}), ...(mime ? { mime } : {}) }
  const caption = sent.caption && trimmed(sent.caption)
  const written = caption?.text ? caption : undefined
  const takes = written !== undefined && (text === 'replace' || !draft.versions[language])
  const versions = takes ? { ...draft.versions, [language]: written } : draft.versions
  const [most, count] = [mostOf({ media }), longestOf(versions)]
  if (count > most) return { notice: say('notices.refused.attachment', { most, count }) }
  const about = takes ? { attachment: kind, language, length: written.text.length } : { attachment: kind }
  await changeDraft(visit, draft, { media, versions }, { after: about })
  const said = takes ? 'attached_with_text' : written ? 'attached_without_text' : 'attached'
  const { page, args } = toDraft(draft)
  return { to: { page, args: [...args, markNow(visit)] }, notice: say(`notices.${said}`) }
}

const noticeDetach: DeedSpec = {
  permission: 'notify',
  community: ofDraft,
  from: ['notice_draft'],
  run: async (visit): Promise<Outcome> => {
    const draft = await theNotice(visit)
    if (draft.media) await changeDraft(visit, draft, { media: null }, { before: { attachment: draft.media.kind } })
    return { notice: visit.say('notices.detached') }
  },
}

const noticeDiscardPage: PageSpec = {
  permission: 'notify',
  community: ofDraft,
  show: async (visit) => {
    const { say } = visit
    const draft = await theNotice(visit)
    const { id, number } = draft
    return {
      text: lines(bold(say('notices.discard_ask', { number })), say('notices.discard_text')),
      rows: [
        [pageButton(say('button.do_not'), 'notice_draft', id)],
        [deedButton(say('notices.discard_confirm'), 'notice_discard', id, ...toList(visit, draft).args)],
      ],
    }
  },
  ...takesNothing('notices.refused.typed'),
}

/**
 * Arguments: the draft, and the place whose list comes next. Where the draft is gone the same tap came before: then only the
 * way to the list is left, and that is the place's.
 */
const noticeDiscard: DeedSpec = {
  permission: 'notify',
  community: async (visit) =>
    (await visit.desk.notices.notice(visit.args[0] ?? '')) ? ofDraft(visit) : ofPlace(1)(visit),
  from: ['notice_discard'],
  run: async (visit): Promise<Outcome> => {
    const { desk, say, args } = visit
    const draft = await desk.notices.notice(args[0] ?? '')
    const to = { page: 'notices', args: args.slice(1, 2) }
    if (draft) {
      const about = { before: { number: draft.number, length: longestOf(draft.versions) } }
      await desk.notices.discard(draft.id, noticeChange(visit, draft, 'notice_discarded', about))
    }
    return { to: draft ? toList(visit, draft) : to, notice: say('notices.discarded') }
  },
}

export const DRAFT_PAGES: Record<string, PageSpec> = { notice_draft: noticeDraft, notice_discard: noticeDiscardPage }
export const DRAFT_DEEDS: Record<string, DeedSpec> = { notice_detach: noticeDetach, notice_discard: noticeDiscard }
