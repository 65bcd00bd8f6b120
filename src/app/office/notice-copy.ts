/** 照这条再写一条: a draft that says what a notice said, to whom it said it. */
import type { NoticePhase } from '../../core/notice.js'
import { noticeChange, toDraft } from './notice-drafts.js'
import { noticeStanding, ofNotice, theNotice } from './notice-progress.js'
import { notNow } from './notice-steps.js'
import type { DeedSpec, Outcome } from './visit.js'

const OVER: readonly NoticePhase[] = ['done', 'cancelled', 'withdrawn']

/** Arguments: the notice. Its time has passed, so the draft has none; the same tap makes the same draft. */
const noticeCopy: DeedSpec = {
  permission: 'notify',
  community: ofNotice,
  from: ['notice'],
  run: async (visit): Promise<Outcome> => {
    const { desk, say, inbound, person } = visit
    const notice = await theNotice(visit)
    // What is still to be sent, or is being sent, needs no second one like it.
    if (!OVER.includes((await noticeStanding(desk, notice)).phase)) return notNow(visit, notice)
    const { number, community, versions, media, audience, timeZone } = notice
    const id = desk.idFor('n', inbound.address, inbound.id)
    const change = noticeChange(visit, { id, community }, 'notice_created', { after: { copied_from: number } })
    const said = { versions, media, audience, sendAt: null, timeZone }
    await desk.notices.create({ id, community, by: person, ...said }, change)
    return { to: toDraft({ id }), notice: say('notices.created') }
  },
}

export const COPY_DEEDS: Record<string, DeedSpec> = { notice_copy: noticeCopy }
