/** Which version of the scoring table a round is held by; chosen while it is a draft. */
import { bold, lines } from '../rich.js'
import { arg, changeBy, type DeedSpec, deedButton, type PageSpec, pageButton, type Visit } from './visit.js'

/** Characters of a content hash in a button; enough to tell versions apart. */
const HASH_SHOWN = 12

const ofRound = async ({ desk, args }: Visit): Promise<null | undefined> =>
  (await desk.rounds.round(args[0] ?? '')) ? null : undefined

const roundRubric: PageSpec = {
  permission: 'keep_rounds',
  community: ofRound,
  show: async (visit) => {
    const { desk, say } = visit
    const round = (await desk.rounds.round(arg(visit, 0)))!
    return {
      text: lines(bold(say('rounds.choose_rubric')), round.name),
      rows: [
        ...desk.books.all.map(({ hash, rubric }) => [
          deedButton(
            `${hash === round.rubric ? '✓' : '○'} ${rubric.title} ${rubric.version}`,
            'round_rubric',
            round.id,
            hash.slice(0, HASH_SHOWN),
          ),
        ]),
        [pageButton(say('button.back'), 'round', round.id)],
      ],
    }
  },
}

const chooseRubric: DeedSpec = {
  permission: 'keep_rounds',
  community: ofRound,
  from: ['round_rubric'],
  run: async (visit) => {
    const { desk, say } = visit
    const round = (await desk.rounds.round(arg(visit, 0)))!
    const book = desk.books.all.find(({ hash }) => hash.slice(0, HASH_SHOWN) === arg(visit, 1))
    if (!book || round.status !== 'draft') return { notice: say('notice.button_outdated') }
    const named = ({ id, version }: { id: string; version: string }) => ({ rubric: `${id}@${version}` })
    const before = (await desk.books.of(round.rubric))?.rubric
    const change = changeBy(visit, 'round_rubric_changed', {
      subject: `round:${round.id}`,
      community: null,
      before: before ? named(before) : null,
      after: named(book.rubric),
    })
    await desk.rounds.update(round.id, { rubric: book.hash }, change)
    return { to: { page: 'round', args: [round.id] } }
  },
}

export const RUBRIC_PAGES = { round_rubric: roundRubric }
export const RUBRIC_DEEDS = { round_rubric: chooseRubric }
