/** /summary: one card and one picture, the weak list, and the file. */
import { may } from '../../core/access.js'
import { phaseOf } from '../../core/round.js'
import { weakIndicators } from '../../core/score.js'
import type { Desk } from '../desk.js'
import { bold } from '../rich.js'
import type { Assessment } from '../rounds.js'
import type { Button, Inbound } from '../speech.js'
import { fitted, weakLines } from '../views/score-lines.js'
import { promptsOf } from '../words.js'
import { answersFile } from './answers-file.js'
import { type Before, beforeOf, type View, viewOf } from './standings.js'
import { scoredOf, summaryText } from './summary-card.js'
import {
  arg,
  type DeedSpec,
  deedButton,
  numberArg,
  type Outcome,
  ofAssessment,
  type PageSpec,
  pageButton,
  pager,
  theAssessment,
  type Visit,
} from './visit.js'

const WEAK_PER_PAGE = 6

/** The view of the assessment that the visit is about; its rubric is kept as long as the round. */
export async function theView(visit: Visit): Promise<View> {
  const view = await viewOf(visit.desk, await theAssessment(visit))
  if (!view) throw new Error('Expected the rubric of a round to be kept')
  return view
}

/** What a picture was just drawn from, for the card that is made of the same input: nothing changes in between. */
const drawnFrom = new WeakMap<Inbound, { readonly view: View; readonly before: Before | undefined }>()

const summary: PageSpec = {
  permission: 'see_summary',
  community: ofAssessment(),
  show: async (visit) => {
    const drawn = drawnFrom.get(visit.inbound)
    const there = drawn?.view.assessment.id === arg(visit, 0) ? drawn : undefined
    const view = there?.view ?? (await theView(visit))
    const before = there ? there.before : await beforeOf(visit.desk, view)
    return { text: summaryText(visit, view, before), rows: summaryRows(visit, view) }
  },
}

function summaryRows({ say, memberships, now }: Visit, { assessment, result, clashes, spread }: View): Button[][] {
  const { id, community, round, status } = assessment
  const leads = may(memberships, 'submit', community.id)
  const open = status === 'open' && phaseOf(round, now) === 'open'
  const weak = result.weak.length > 0 ? [pageButton(say('button.weak'), 'weak', id)] : []
  const differ = clashes.length + spread.length
  return [
    [pageButton(say('summary.button_people'), 'people', id), ...weak],
    [
      pageButton(say('summary.button_details'), 'details', id),
      ...(differ > 0 ? [pageButton(say('summary.button_clashes', { count: differ }), 'clashes', id)] : []),
    ],
    [deedButton(say('summary.button_export'), 'export', id), deedButton(say('summary.button_picture'), 'picture', id)],
    ...(leads && status === 'open' ? [[pageButton(say('button.submit'), 'submit', id)]] : []),
    ...(status === 'submitted' && may(memberships, 'reopen', community.id)
      ? [[pageButton(say('summary.button_reopen'), 'reopen', id)]]
      : []),
    [
      ...(open && may(memberships, 'answer', community.id)
        ? [deedButton(say('summary.button_enter'), 'enter', id)]
        : []),
      ...(may(memberships, 'see_members', community.id)
        ? [pageButton(say('home.members'), 'members', community.id)]
        : []),
      ...(may(memberships, 'see_overview', null)
        ? [pageButton(say('summary.button_overview'), 'overview', round.id)]
        : []),
      pageButton(say('button.home'), 'home'),
    ],
  ]
}

const weak: PageSpec = {
  permission: 'see_summary',
  community: ofAssessment(),
  show: async (visit) => {
    const { say } = visit
    const view = await theView(visit)
    const scored = scoredOf(visit, view)
    const all = weakIndicators(view.book.questionnaire, view.score)
    const at = Math.min(numberArg(visit, 1), Math.max(0, Math.ceil(all.length / WEAK_PER_PAGE) - 1))
    const from = at * WEAK_PER_PAGE
    const share = view.book.rubric.scoring.weak.rate_below * 100
    const head = [bold(all.length === 0 ? say('result.no_weak') : say('result.weak', { count: all.length, share }))]
    const body = all.slice(from, from + WEAK_PER_PAGE).flatMap((one, i) => weakLines(scored, one, from + i + 1, 2))
    const { id } = view.assessment
    const pages = { at, size: WEAK_PER_PAGE, count: all.length, args: (to: number) => [id, String(to)] }
    return {
      text: fitted(head, body, [], say('result.cut')),
      rows: [...pager(visit, 'weak', pages), [pageButton(say('button.back'), 'summary', id)]],
    }
  },
}

const exportDeed: DeedSpec = {
  permission: 'export_summary',
  community: ofAssessment(),
  from: ['summary'],
  run: async (visit) => ({
    file: await answersFile(visit, await theView(visit)),
    notice: visit.say('summary.exported'),
  }),
}

const picture: DeedSpec = {
  permission: 'see_summary',
  community: ofAssessment(),
  from: ['summary'],
  run: async (visit) => pictureOf(visit.desk, visit.language, await theAssessment(visit), visit.inbound),
}

/** The radar of the second-level rates, this round's and the last one's; nothing while nothing is scored. */
export async function pictureOf(
  desk: Desk,
  language: string,
  assessment: Assessment,
  inbound: Inbound,
): Promise<Pick<Outcome, 'picture'>> {
  const view = await viewOf(desk, assessment)
  if (!view || view.result.answered === 0) return {}
  const before = await beforeOf(desk, view)
  drawnFrom.set(inbound, { view, before })
  const say = desk.locales.in(language)
  const { levels } = promptsOf(view.book, language)
  const comparable = new Set(before?.change.second.filter(({ kind }) => kind !== 'incomparable').map(({ id }) => id))
  const axes = Object.entries(view.result.second).map(([id, now]) => ({
    name: levels[id] ?? id,
    now,
    before: comparable.has(id) ? (before!.result.second[id] ?? null) : null,
  }))
  const { community, round } = assessment
  const title = `${community.name} · ${round.name}`
  const drawn = comparable.size > 0 ? before!.assessment.round.name : null
  try {
    const bytes = await desk.drawRadar({ title, axes, legend: { now: round.name, before: drawn } })
    const rated = axes.filter((one) => one.now !== null).sort((a, b) => a.now! - b.now!)
    const words = (some: typeof rated) =>
      some.map(({ name, now }) => `${name} ${(now! * 100).toFixed(1)}%`).join(say('list.comma'))
    const alt = say('summary.alt', { title, low: words(rated.slice(0, 3)), high: words(rated.slice(-3).reverse()) })
    return { picture: { name: say('file.radar'), bytes, alt } }
  } catch (fault) {
    // The card says the same in figures.
    desk.log.error({ fault: fault instanceof Error ? fault.message : 'unknown' }, 'the radar could not be drawn')
    return {}
  }
}

export const SUMMARY_PAGES = { summary, weak }
export const SUMMARY_DEEDS = { export: exportDeed, picture }
