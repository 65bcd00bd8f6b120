/** 管理: where the admin's ways begin, and the switch for practice sheets. */
import { phaseOf } from '../../core/round.js'
import { bold, lines } from '../rich.js'
import { currentRound } from './choose-round.js'
import { DISTRICT } from './places.js'
import { arg, changeBy, type DeedSpec, deedButton, ofDistrict, type PageSpec, pageButton } from './visit.js'

const manage: PageSpec = {
  permission: 'see_overview',
  community: ofDistrict,
  show: async ({ desk, say, now }) => {
    const newest = await currentRound(desk)
    const shown = newest?.status === 'draft' ? undefined : newest
    const practice = (await desk.members.option('practice')) === 'off' ? 'off' : 'on'
    const other = practice === 'on' ? 'off' : 'on'
    const phase = newest && say(`rounds.phase.${phaseOf(newest, now)}`)
    return {
      text: lines(
        bold(say('manage.title')),
        newest ? say('manage.newest', { round: newest.name, phase: phase! }) : say('manage.no_round'),
        say(`manage.practice_${practice}`),
      ),
      rows: [
        [pageButton(say('manage.rounds'), 'rounds'), pageButton(say('manage.communities'), 'communities')],
        ...(shown ? [[pageButton(say('manage.overview', { round: shown.name }), 'overview', shown.id)]] : []),
        [pageButton(say('notices.button'), 'notices', DISTRICT)],
        [pageButton(say('manage.invite'), 'invites', DISTRICT)],
        [pageButton(say('manage.members'), 'members', DISTRICT)],
        [
          pageButton(say('manage.audit'), 'audit'),
          deedButton(say(`manage.practice_set_${other}`), 'set_practice', other),
        ],
        [pageButton(say('button.home'), 'home')],
      ],
    }
  },
}

const setPractice: DeedSpec = {
  permission: 'set_practice',
  community: ofDistrict,
  from: ['manage'],
  run: async (visit) => {
    const { desk, say } = visit
    const wanted = arg(visit, 0)
    if (wanted !== 'on' && wanted !== 'off') return { notice: say('notice.button_outdated') }
    const practice = (await desk.members.option('practice')) === 'off' ? 'off' : 'on'
    const about = { subject: 'option:practice', community: null, before: { practice }, after: { practice: wanted } }
    if (practice !== wanted) await desk.members.setOption('practice', wanted, changeBy(visit, 'practice_set', about))
    return { notice: say(`manage.practice_done_${wanted}`) }
  },
}

export const MANAGE_PAGES = { manage }
export const MANAGE_DEEDS = { set_practice: setPractice }
