/** 总览: an admin's look at all communities of a round, at the district's weak indicators, and as a file. */
import type { Book } from '../../content/book.js'
import { phaseOf } from '../../core/round.js'
import { momentText } from '../moments.js'
import {
  completionOf,
  districtRates,
  inOrder,
  type Line,
  ORDERS,
  type Order,
  overviewOf,
  sharedNames,
  weakestOf,
} from '../overview.js'
import { bold, lines, type Span } from '../rich.js'
import type { Round } from '../rounds.js'
import type { Button } from '../speech.js'
import { bar } from '../views/bar.js'
import { inPairs } from '../views/rows.js'
import { promptsOf } from '../words.js'
import { LISTED_AT_ONCE, listed, sliced } from './listing.js'
import { overviewFile } from './overview-file.js'
import { gradeWords, oneDecimal, share, totalWords } from './overview-words.js'
import { ofRoundIn, theRound } from './round-edit.js'
import {
  arg,
  type DeedSpec,
  deedButton,
  numberArg,
  type Outcome,
  ofDistrict,
  type PageSpec,
  pageButton,
  pager,
  type Visit,
} from './visit.js'

/** Of the 300 ms that an answer may take; the rest is for reading all communities, twice where some stay behind. */
const RENEWING_MS = 120
/** For the file more, because it is kept and passed on. */
const RENEWING_FOR_FILE_MS = 2_000
const RATES_PER_PAGE = 10
const ROUNDS_AT_ONCE = 100

const ofRound = ofRoundIn('draft', 'published', 'closed', 'archived')

/** Arguments: the round, the order, the part of the list. */
const overview: PageSpec = {
  permission: 'see_overview',
  community: ofRound,
  show: async (visit) => {
    const { say, language } = visit
    const { round, book, all } = await districtOf(visit, RENEWING_MS)
    const order = orderOf(visit)
    const list = sliced(inOrder(all, order, book.rubric, language))
    const part = await listed(visit, 'overview', { argument: 2, before: [round.id, order] }, list)
    const shared = sharedNames(all)
    const named = (one: Line) =>
      shared.has(one.name) ? say('overview.named', { name: one.name, street: one.street }) : one.name
    const first = part.at * LISTED_AT_ONCE + 1
    const text = lines(
      ...headLines(visit, round, all),
      say('overview.ordered', { order: say(`overview.order.${order}`) }),
      part.line,
      ...part.items.flatMap((one, i) => ['', lineOf(visit, book, one, `${first + i}. ${named(one)}`)]),
    )
    const communities = part.items.map((one) => pageButton(named(one), 'summary', one.assessment))
    const orders = ORDERS.filter((one) => one !== order).map((one) =>
      pageButton(say(`overview.by.${one}`), 'overview', round.id, one),
    )
    return { text, rows: [...inPairs(communities), ...part.turning, orders, ...otherRows(visit, round)] }
  },
}

const orderOf = (visit: Visit): Order => ORDERS.find((one) => one === arg(visit, 1)) ?? 'total'

type District = { readonly round: Round; readonly book: Book; readonly all: readonly Line[] }

async function districtOf(visit: Visit, budgetMs: number): Promise<District> {
  const round = await theRound(visit)
  const book = await visit.desk.books.of(round.rubric)
  if (!book) throw new Error('Expected the rubric of a round to be kept')
  return { round, book, all: await overviewOf(visit.desk, round, book, budgetMs) }
}

function headLines({ say, language, now }: Visit, round: Round, all: readonly Line[]): (string | Span)[] {
  const deadline = momentText(round.deadline.getTime(), round.timeZone, language)
  const behind = all.filter(({ stale }) => stale).length
  return [
    bold(say('overview.title', { round: round.name })),
    say('overview.phase', { phase: say(`rounds.phase.${phaseOf(round, now)}`), deadline }),
    say('overview.counts', { count: all.length, submitted: round.submitted }),
    ...(round.median === null ? [] : [say('overview.median', { median: oneDecimal(round.median) })]),
    ...(behind > 0 ? [say('overview.behind', { count: behind })] : []),
  ]
}

/** How far, how good, what is weakest: one line for a community. */
function lineOf({ say, language }: Visit, book: Book, one: Line, name: string): (string | Span)[] {
  const { result, stale, status } = one
  const { grade, total, least, most } = result
  const done = completionOf(one)
  const weakest = weakestOf(result, book.rubric)
  const score =
    grade.kind === 'open'
      ? say('overview.range', { least: oneDecimal(least), most: oneDecimal(most) })
      : say('overview.total', { total: totalWords(total, book.rubric), grade: gradeWords(say, grade) })
  const { levels } = promptsOf(book, language)
  const weak = weakest && say('overview.weakest', { name: levels[weakest.id] ?? weakest.id, rate: share(weakest.rate) })
  const parts = [score, ...(weak ? [weak] : [])]
  return [
    bold(status === 'submitted' ? `${name} ✓` : name),
    ` ${bar(done)} ${share(done)} ${parts.join(say('list.semicolon'))}${stale ? say('overview.stale') : ''}`,
  ]
}

const otherRows = ({ say }: Visit, { id }: Round): Button[][] => [
  [pageButton(say('overview.weak'), 'district_weak', id), deedButton(say('overview.export'), 'overview_csv', id)],
  [pageButton(say('overview.choose'), 'round_choose'), pageButton(say('overview.manage'), 'manage')],
]

/** Arguments: the round, the part of the list. */
const districtWeak: PageSpec = {
  permission: 'see_overview',
  community: ofRound,
  show: async (visit) => {
    const { say, language } = visit
    const { round, book, all } = await districtOf(visit, RENEWING_MS)
    const rates = districtRates(all, book.rubric)
    const { indicators } = promptsOf(book, language)
    const pages = Math.max(1, Math.ceil(rates.length / RATES_PER_PAGE))
    const at = Math.min(numberArg(visit, 1), pages - 1)
    const from = at * RATES_PER_PAGE
    const behind = all.filter(({ stale }) => stale).length
    const text = lines(
      bold(say('overview.weak_title', { round: round.name })),
      say(rates.length === 0 ? 'overview.weak_none' : 'overview.weak_hint', {
        share: book.rubric.scoring.weak.rate_below * 100,
      }),
      behind > 0 ? say('overview.behind', { count: behind }) : undefined,
      pages > 1 ? say('manage.page', { page: at + 1, pages }) : undefined,
      ...rates.slice(from, from + RATES_PER_PAGE).map(({ id, mean, communities, weak }, i) => {
        const title = `${id} ${indicators[id]?.title ?? ''}`.trim()
        return say('overview.weak_item', { number: from + i + 1, title, mean: share(mean), communities, weak })
      }),
    )
    const turn = { at, size: RATES_PER_PAGE, count: rates.length, args: (to: number) => [round.id, String(to)] }
    return {
      text,
      rows: [...pager(visit, 'district_weak', turn), [pageButton(say('button.back'), 'overview', round.id)]],
    }
  },
}

/** Rounds whose overview can be opened. */
const roundChoose: PageSpec = {
  permission: 'see_overview',
  community: ofDistrict,
  show: async (visit) => {
    const { say, now } = visit
    const published = (await allRounds(visit)).filter(({ status }) => status !== 'draft')
    const { items, count, line, turning } = await listed(visit, 'round_choose', { argument: 0 }, sliced(published))
    const label = (round: Round) =>
      say('rounds.item', { round: round.name, phase: say(`rounds.phase.${phaseOf(round, now)}`) })
    return {
      text: lines(
        bold(say('overview.choose')),
        count === 0 ? say('office.no_round') : say('overview.choose_hint'),
        line,
      ),
      rows: [
        ...items.map((round) => [pageButton(label(round), 'overview', round.id)]),
        ...turning,
        [pageButton(say('overview.manage'), 'manage')],
      ],
    }
  },
}

async function allRounds({ desk }: Visit): Promise<Round[]> {
  const all: Round[] = []
  for (;;) {
    const { items } = await desk.rounds.list({ offset: all.length, limit: ROUNDS_AT_ONCE })
    all.push(...items)
    if (items.length < ROUNDS_AT_ONCE) return all
  }
}

const overviewCsv: DeedSpec = {
  permission: 'see_overview',
  community: ofRound,
  from: ['overview'],
  run: async (visit): Promise<Outcome> => {
    const { round, book, all } = await districtOf(visit, RENEWING_FOR_FILE_MS)
    const assessments = await visit.desk.rounds.assessmentsIn(round.id)
    const file = overviewFile(visit, { round, book, all, assessments })
    const behind = all.filter(({ stale }) => stale).length
    const said = behind > 0 ? 'overview.exported_behind' : 'overview.exported'
    return { file, notice: visit.say(said, { count: all.length, behind }) }
  },
}

export const OVERVIEW_PAGES = { overview, district_weak: districtWeak, round_choose: roundChoose }
export const OVERVIEW_DEEDS = { overview_csv: overviewCsv }
