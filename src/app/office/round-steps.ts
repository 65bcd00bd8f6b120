/** A round's way: draft → published → closed → archived, and open again. What cannot be taken back is asked once more. */
import { phaseOf, type RoundStatus } from '../../core/round.js'
import { momentText } from '../moments.js'
import { bold, lines } from '../rich.js'
import type { Round } from '../rounds.js'
import { changeOf, ofRoundIn, theRound } from './round-edit.js'
import { type DeedSpec, deedButton, type Outcome, type PageSpec, pageButton, type Visit } from './visit.js'

const momentsOf = ({ language }: Visit, { opensAt, deadline, timeZone }: Round) => ({
  opens: momentText(opensAt.getTime(), timeZone, language),
  deadline: momentText(deadline.getTime(), timeZone, language),
})

/** A page that asks before a step: the question, what will happen, and the two ways on. */
const asking = (
  step: 'publish' | 'close' | 'archive',
  from: RoundStatus,
  consequences: (visit: Visit, round: Round) => Promise<string[]>,
): PageSpec => ({
  permission: 'keep_rounds',
  community: ofRoundIn(from),
  show: async (visit) => {
    const { say } = visit
    const round = await theRound(visit)
    return {
      text: lines(bold(say(`rounds.${step}_ask`, { round: round.name })), ...(await consequences(visit, round))),
      rows: [
        [pageButton(say('button.do_not'), 'round', round.id)],
        [deedButton(say(`rounds.${step}_confirm`), `round_${step}`, round.id)],
      ],
    }
  },
})

const publishPage = asking('publish', 'draft', async (visit, round) => {
  const { desk, say, now } = visit
  const count = await desk.rounds.size(round.id)
  const { opens, deadline } = momentsOf(visit, round)
  return [
    round.opensAt.getTime() <= now
      ? say('rounds.publish_text_now', { count, deadline })
      : say('rounds.publish_text', { count, opens, deadline }),
    say('rounds.publish_fixed'),
  ]
})

const closePage = asking('close', 'published', async ({ desk, say }, round) => [
  say('rounds.close_text', { open: (await desk.rounds.size(round.id)) - round.submitted }),
])

const archivePage = asking('archive', 'closed', async ({ say }) => [say('rounds.archive_text')])

/**
 * A step to a state. It is also taken where the round is there already, without a change: so a redelivered tap is told
 * what the first one was told. Of two at the same moment the later one is told that its button is out of date.
 */
const step = (
  permitted: { readonly from: RoundStatus; readonly to: RoundStatus; readonly page: string; readonly action: string },
  words: (visit: Visit, round: Round) => string,
  refuse: (visit: Visit, round: Round) => Promise<string | undefined> = async () => undefined,
): DeedSpec => ({
  permission: 'keep_rounds',
  community: ofRoundIn(permitted.from, permitted.to),
  from: [permitted.page],
  run: async (visit): Promise<Outcome> => {
    const round = await theRound(visit)
    const { from: was, to: is, action } = permitted
    const to = { page: 'round', args: [round.id] }
    if (round.status === was) {
      const refused = await refuse(visit, round)
      if (refused !== undefined) return { to, notice: refused }
      const about = { before: { status: was }, after: { status: is } }
      const taken = await visit.desk.rounds.setStatus(round.id, is, changeOf(visit, round, action, about), was)
      if (!taken) return { to, notice: visit.say('notice.button_outdated') }
    }
    return { to, notice: words(visit, round) }
  },
})

const publish = step(
  { from: 'draft', to: 'published', page: 'round_publish', action: 'round_published' },
  (visit, round) => visit.say('rounds.published', { deadline: momentsOf(visit, round).deadline }),
  async ({ desk, say, now }, round) => {
    if ((await desk.rounds.size(round.id)) === 0) return say('rounds.publish_no_community')
    if (round.deadline.getTime() <= now) return say('rounds.publish_over')
    return round.opensAt < round.deadline ? undefined : say('rounds.publish_order')
  },
)

const close = step({ from: 'published', to: 'closed', page: 'round_close', action: 'round_closed' }, ({ say }) =>
  say('rounds.closed'),
)

const reopen = step({ from: 'closed', to: 'published', page: 'round', action: 'round_reopened' }, (visit, round) => {
  const over = phaseOf({ ...round, status: 'published' }, visit.now) === 'over'
  const { deadline } = momentsOf(visit, round)
  return over ? visit.say('rounds.reopened_over') : visit.say('rounds.reopened', { deadline })
})

const archive = step({ from: 'closed', to: 'archived', page: 'round_archive', action: 'round_archived' }, ({ say }) =>
  say('rounds.archived'),
)

export const STEP_PAGES: Record<string, PageSpec> = {
  round_publish: publishPage,
  round_close: closePage,
  round_archive: archivePage,
}
export const STEP_DEEDS: Record<string, DeedSpec> = {
  round_publish: publish,
  round_close: close,
  round_reopen: reopen,
  round_archive: archive,
}
